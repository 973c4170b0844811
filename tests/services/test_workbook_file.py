"""What is no workbook, or a harmful one, is refused before it costs anything."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine

from models.engine import open_database
from services.workbook import read
from tests.workbooks import COUNTY, OBJECTIVES, UNITS, faults_of, write_workbook

ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)


@pytest.fixture
def engine(sqlite_template: Path, tmp_path: Path) -> Engine:
    path = tmp_path / "linge.db"
    path.write_bytes(sqlite_template.read_bytes())
    return open_database(f"sqlite:///{path}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def replace_member(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    members[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member, data in members.items():
            new.writestr(member, data)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "这不是 Excel 工作簿，请另存为 .xlsx 再试"),
        ("编号,名称\n1,城关所\n".encode(), "这不是 Excel 工作簿，请另存为 .xlsx 再试"),
        (zipped(readme=b"hello"), "这不是 Excel 工作簿，请另存为 .xlsx 再试"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
            "文件加了密码，或是旧的 .xls 格式；请去掉密码，另存为 .xlsx 再试",
        ),
    ],
    ids=["empty", "csv", "zip", "encrypted"],
)
def test_what_is_no_workbook_is_refused(engine: Engine, path: Path, content: bytes, expected: str) -> None:
    path.write_bytes(content)

    assert faults_of(engine, path) == [expected]


def test_a_missing_file_is_said_by_name(engine: Engine, path: Path) -> None:
    assert faults_of(engine, path) == ["没有找到文件 县.xlsx，请检查文件名"]


def test_a_zip_bomb_is_refused_unread(engine: Engine, path: Path) -> None:
    write_workbook(path, COUNTY)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w") as member,
    ):
        for _ in range(read.MAX_UNPACKED_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    assert path.stat().st_size < 2**20

    assert faults_of(engine, path) == ["文件解开后超过 512 MB，没有读；请分成几个工作簿"]


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("xl/worksheets/sheet1.xml", ENTITY_BOMB),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        ("xl/workbook.xml", b"<nothing/>"),
        ("xl/styles.xml", b"not xml"),
        ("[Content_Types].xml", b"<Types/>"),
    ],
    ids=["entities", "cut off", "no sheets", "styles", "types"],
)
def test_a_damaged_or_harmful_part_is_refused(engine: Engine, path: Path, member: str, content: bytes) -> None:
    replace_member(write_workbook(path, COUNTY), member, content)

    assert len(faults_of(engine, path)) == 1


def test_a_sheet_that_claims_or_skips_to_endless_rows_is_cut(engine: Engine, path: Path) -> None:
    write_workbook(path, {"单位": UNITS})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = b'<row r="900000000"><c r="A900000000"><v>1</v></c></row></sheetData>'
    replace_member(path, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", far))

    assert faults_of(engine, path) == ["单位 第1000001行：一张表最多 1000000 行，请分成几个工作簿"]


def test_a_workbook_without_a_sheet_of_ours_is_refused(engine: Engine, path: Path) -> None:
    faults = faults_of(engine, write_workbook(path, {"Sheet1": [["编号"]]}))

    assert faults == [
        "一张认得的表也没有；表名要是：单位、人员、周期、目标、指标、网格、企业、小区、客服账号、客户群、假勤、考核方案、指标数据、"
        "诉求类别、派单规则、催办阶梯、值班领导"
    ]


def test_a_number_shown_as_percent_is_a_fault_because_it_hides_a_hundredth(engine: Engine, path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    percent = book.add_format({"num_format": "0%"})
    for name, rows in COUNTY.items():
        worksheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            worksheet.write_row(number, 0, row)
        if name == "目标":
            worksheet.write_number(1, OBJECTIVES[0].index("目标值"), 0.95, percent)
    book.close()

    faults = faults_of(engine, path)

    assert '目标 第2行 目标值："0.95" 这一格是百分比格式，请改成常规格式，80% 就填 80' in faults


def test_an_error_value_of_excel_is_a_fault(engine: Engine, path: Path) -> None:
    write_workbook(path, {"单位": UNITS})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    error = b'<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row></sheetData>'
    replace_member(path, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", error))

    assert '单位 第4行 编号："#N/A" 这一格是 Excel 的错误值，请改成要填的内容' in faults_of(engine, path)
