"""The whole site as files, for a host that can do nothing but send files."""
