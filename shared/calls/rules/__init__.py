"""The rules of permission: one module per concern, each rule a pure function from facts to a finding."""
