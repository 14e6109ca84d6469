"""The second ear for opt-outs and robot questions: weights of words, learned from wordings written for this project."""
