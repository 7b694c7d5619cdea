"""What a tester can do with a PBX, in this process or on a server elsewhere."""
