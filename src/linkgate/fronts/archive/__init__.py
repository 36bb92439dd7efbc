"""The machinery of `linkgate scan`: chunks of files in order, workers, outputs, what a killed run left behind."""
