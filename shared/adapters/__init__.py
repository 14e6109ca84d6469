"""What the rooms ask the outside for, made real: one file or small package per vendor."""
