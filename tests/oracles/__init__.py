"""Second opinions on the engine: plain definitions, and an independent exact solver."""
