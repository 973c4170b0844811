"""The county as an Excel workbook: loaded, offered as an empty form, and written back out."""

from services.workbook.export import export_county
from services.workbook.fault import Fault, WorkbookFaults
from services.workbook.load import Count, LoadResult, load_workbook
from services.workbook.write import write_template

__all__ = ["Count", "Fault", "LoadResult", "WorkbookFaults", "export_county", "load_workbook", "write_template"]
