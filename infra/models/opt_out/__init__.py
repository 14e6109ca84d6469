"""The second ear for opt-outs: weights of words, learned from wordings written for this project."""
