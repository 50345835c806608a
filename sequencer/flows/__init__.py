"""One verb a file: the steps of the program, given their clock, store, courier and reader."""
