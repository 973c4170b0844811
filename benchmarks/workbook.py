"""Loading a workbook of 10 000 people and 100 000 key results, and loading it again."""

import resource
import tempfile
import time
from pathlib import Path

import xlsxwriter

import tests.keys  # noqa: F401 importing it gives this process its keys
from bot.clock import system_clock
from migrations import migrate
from models.engine import open_database, writing
from services.workbook import load_workbook

PEOPLE = 10_000
OBJECTIVES, KEY_RESULTS = 2, 5


def main() -> None:
    """Prints seconds of the first and the second load, and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "county.xlsx"
        write(path)
        engine = open_database(f"sqlite:///{folder}/linge.db")
        migrate(engine)
        print(f"workbook of {PEOPLE} people and {PEOPLE * OBJECTIVES * KEY_RESULTS} key results     seconds")
        for name in ("first load", "again, nothing changed"):
            began = time.perf_counter()
            with writing(engine) as session:
                load_workbook(path, session, by="bench", now=system_clock())
            print(f"{name:50} {time.perf_counter() - began:8.1f}")
        engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory, MB':50} {peak:8.0f}")


def write(path: Path) -> None:
    """The workbook, in the columns that `flask load` reads."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        units = book.add_worksheet("单位")
        units.write_row(0, 0, ["编号", "名称", "类别"])
        units.write_row(1, 0, ["U1", "测量所", "派出所"])
        periods = book.add_worksheet("周期")
        periods.write_row(0, 0, ["编号", "名称", "开始", "结束"])
        periods.write_row(1, 0, ["2026Q4", "2026年第四季度", "2026-10-01", "2026-12-31"])
        people = book.add_worksheet("人员")
        people.write_row(0, 0, ["账号", "姓名", "单位编号"])
        for number in range(PEOPLE):
            people.write_row(number + 1, 0, [f"p{number:05d}", f"测{number:05d}", "U1"])
        goals = book.add_worksheet("目标")
        goals.write_row(0, 0, ["周期", "账号", "目标序号", "目标", "关键结果序号", "关键结果", "目标值", "计量单位"])
        row = 1
        for number in range(PEOPLE):
            for objective in range(1, OBJECTIVES + 1):
                for key_result in range(1, KEY_RESULTS + 1):
                    cells = ["2026Q4", f"p{number:05d}", objective, f"目标{objective}", key_result]
                    goals.write_row(row, 0, [*cells, f"走访{key_result}", 50, "户"])
                    row += 1


if __name__ == "__main__":
    main()
