"""The checker's own small reading of facts, kin, rounds and outcomes; nothing of the engine is used."""
