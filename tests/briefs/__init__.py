"""The monthly brief: what it says, what never leaves, the bytes it comes in, a whole month of it."""
