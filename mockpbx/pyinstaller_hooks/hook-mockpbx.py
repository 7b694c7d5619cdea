"""PyInstaller's hook: the shipped worlds, the pages, and modules that are imported when needed."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

datas = collect_data_files("mockpbx")
hiddenimports = collect_submodules("mockpbx", filter=lambda name: "plugin" not in name)
