"""Letters that must arrive: a row first, an e-mail later."""
