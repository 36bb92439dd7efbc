"""wrapping: how links lie inside other links. What each wrapper is stands in `linkgate.core.wrappers`."""
