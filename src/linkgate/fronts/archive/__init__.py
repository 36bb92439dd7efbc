"""The machinery of `linkgate scan`: pieces of files in order, workers, outputs, what a killed run left behind."""
