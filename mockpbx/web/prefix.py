"""The paths at which the two APIs begin."""

#: The vendor's.
API = "/api/ver1.0"
#: The mock's own, of which the vendor knows nothing.
CONTROL = "/_mockpbx"
