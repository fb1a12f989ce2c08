"""Phrases for people in a sentence, counted, indefinite or named; figures, and why some of them count nobody."""
