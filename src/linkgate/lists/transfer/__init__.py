"""What `fetch` is made of, each part without requests: limits, retries, redirects, silence."""
