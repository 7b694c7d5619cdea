"""Parts of calls: what one extension did in one."""
