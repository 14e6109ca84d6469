"""What words the lines an agent decided on: the script itself, or a language model behind the same port."""
