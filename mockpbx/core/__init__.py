"""The PBX's own machinery: state, time, identifiers, access. Standard library only."""
