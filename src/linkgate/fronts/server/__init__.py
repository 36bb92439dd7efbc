"""The sidecar: the gate behind HTTP, for services in any language and for analysts. Needs the extra `serve`."""
