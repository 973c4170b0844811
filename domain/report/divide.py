"""Divides a message into parts, one key result each, and gives every figure, state and note to one of them."""

import re
from collections.abc import Sequence

from domain.report import words
from domain.report.clauses import cut
from domain.report.lexer import FIGURES, Kind, Token, split_unit
from domain.report.names import Reference, find_numbered, resembling, spelled
from domain.report.parts import Clause, Message, Part, accepts
from domain.report.prose import gives_reason, is_note, residue, role_of, sounds_sure
from domain.report.shapes import Line
from domain.report.subjects import following, is_foreign, joined, leads_to_figure, looks_like_item, named, rate_role
from domain.text import fold_in_place

_EMOJI = re.compile(r"\[[\u4e00-\u9fff]{1,4}\]")  # WeCom sends its own as [微笑]
_PLAN_HEADER = re.compile(words.PLAN_HEADER)
_EVERY = re.compile(f"{words.REST}|{words.EVERY}")
_REST = re.compile(words.REST)
_ASIDE = re.compile("同比|环比|比?去年|上年同期|受理|接报|受案|排查|签约|协议")
_HEADING_LENGTH = 12
_LONG_LEAD = 5  # letters before a figure that are worth keeping with the note
_LONG_TAIL = 2  # letters behind a later figure that make it a detail


def divide(text: str, lines: Sequence[Line]) -> Message:
    """The parts of a normalised report text."""
    # A full-width comma divides; only a half-width one can group thousands.
    folded = fold_in_place(text.replace("，", "；"))
    folded = _EMOJI.sub(lambda found: "\t" * len(found[0]), folded)
    numbered = find_numbered(folded, lines)
    blanked = list(folded)
    for reference in numbered:
        blanked[reference.start : reference.end] = "\t" * (reference.end - reference.start)
    return _Divider("".join(blanked), lines).run(numbered)


class _Divider:
    """Walks the clauses once; `part` is the one being written, `heading` a clause that may name the next."""

    def __init__(self, folded: str, lines: Sequence[Line]) -> None:
        self.folded = folded
        self.lines = {line.number: line for line in lines}
        self.message = Message(folded, [])
        self.part: Part | None = None
        self.heading: Clause | None = None
        self.carried: Clause | None = None  # 累计 or 多, when a space stands between it and its figure
        self.is_planning = False

    def run(self, numbered: Sequence[Reference]) -> Message:
        clauses = iter(cut(self.folded, list(self.lines.values())))
        clause = next(clauses, None)
        for reference in numbered:
            while clause and clause.start < reference.start:
                self._take(clause)
                clause = next(clauses, None)
            self._open(Part(reference.start, reference.numbers, reference.end, is_explicit=True))
        while clause:
            self._take(clause)
            clause = next(clauses, None)
        return self.message

    def _open(self, part: Part) -> Part:
        if self.part:
            self.part.cut(part.start)
        self.message.parts.append(part)
        self.part, self.heading, self.carried, self.is_planning = part, None, None, False
        return part

    def _take(self, clause: Clause) -> None:
        self.is_planning = self.is_planning and not clause.opens_line
        self._carry(clause)
        if self.is_planning:
            self._take_note(clause.start, clause.end)
        elif not clause.tokens:
            self._take_words(clause)
        elif self._is_about_others(clause):
            self.message.others = clause.tokens[0]
        else:
            self._take_figures(clause)

    def _carry(self, clause: Clause) -> None:
        """Lets a clause begin with the role words before it that only a space, or a colon and its figure, parts."""
        carried, self.carried = self.carried, None
        if carried and clause.tokens and not clause.opens_line:
            gap = self.folded[carried.end : clause.start].strip(" ")
            if gap == "" or (gap == ":" and clause.tokens[0].start == clause.start):
                clause.start = carried.start
                if self.part:
                    self.part.cut(carried.start)

    def _take_words(self, clause: Clause) -> None:
        """A clause without a figure: a heading, a piece of the note, or both until the next clause tells."""
        left = residue(self.folded, clause.start, clause.end, clause.pieces)
        current, names = self.part, named(clause.pieces)
        if names and not left:
            self._take_heading(clause, names)
            return
        self.carried = clause if not left and not names else None
        self.is_planning = bool(_PLAN_HEADER.search(self.folded, clause.start, clause.end)) and (
            self.folded[clause.end : clause.end + 1] == ":"
        )
        if (current is None or current.figures) and len(left) <= _HEADING_LENGTH:
            self.heading = None if sounds_sure(self.folded[clause.start : clause.end]) or not left else clause
        self._take_note(clause.start, clause.end)

    def _take_heading(self, clause: Clause, names: frozenset[int]) -> None:
        current = self.part
        if current and current.is_unnamed and not clause.opens_line:
            current.numbers, current.is_unnamed, current.end = names, False, clause.end
        elif current is None or current.figures or not current.is_explicit:
            self._open(Part(clause.start, names, clause.end, is_heading=True))
        elif not current.numbers & names:
            current.numbers |= names
        else:
            current.end = clause.end

    def _take_note(self, start: int, end: int) -> None:
        if self.part and is_note(self.folded[start:end]):
            self.part.add_note(start, end)
        elif self.part:
            self.part.end = end

    def _take_figures(self, clause: Clause) -> None:
        self._drop_by_the_way(clause)
        items = sorted(clause.known, key=lambda item: item.start)
        names: list[Reference] = []
        part, at, before, is_detail = None, clause.start, self.part if self.part and self.part.figures else None, False
        for index, item in enumerate(items):
            if isinstance(item, Reference):
                names.append(item)
                continue
            if self._only_leads(item, names, items[index + 1 :]) or (is_detail and item.kind not in FIGURES):
                continue
            beside = names or (following(items[index + 1 :]) if part is None else [])
            owner = self._together(item, beside, clause) or self._owner(item, beside, clause, at if part else None)
            if owner:
                self._give(owner, item, clause, at)
                part, at, names = owner, item.end, []
            is_detail = owner is None
        if part is None:
            self._take_note(clause.start, clause.end)
        elif (
            is_note(self.folded[at : clause.end]) and residue(self.folded, at, clause.end, clause.pieces)
        ) or sounds_sure(self.folded[at : clause.end]):
            self._take_note(clause.start if part is before else at, clause.end)

    def _only_leads(self, token: Token, names: Sequence[Reference], rest: Sequence[Token | Reference]) -> bool:
        """Whether 完成 or 办结 only leads to a figure of the same key result, as in 办结案件85件."""
        ours = named(names) or (self.part.numbers if self.part and not self.part.figures else frozenset())
        return token.kind is Kind.DONE and leads_to_figure(ours, rest, self.lines)

    def _together(self, token: Token, names: Sequence[Reference], clause: Clause) -> Part | None:
        """走访和化解都完成了: names that are listed; gives the part of the last one, to share what it is told."""
        listed = joined(self.folded, names)
        for each in listed[:-1]:
            self._open(Part(each.start, each.numbers, each.end, is_heading=True))
        return self._open(Part(listed[-1].start, listed[-1].numbers, clause.end)) if listed else None

    def _drop_by_the_way(self, clause: Clause) -> None:
        """三个社区采集620条: beside a figure in the key result's own unit, figures in other units are details."""
        numbers = (self.part.numbers if self.part else frozenset()).union(*(piece.numbers for piece in clause.pieces))
        units = {split_unit(self.lines[number].unit)[1] for number in numbers if number in self.lines} - {"", "%"}
        if any(token.unit in units for token in clause.tokens):
            clause.tokens = [token for token in clause.tokens if not token.unit or token.unit in units]

    def _is_about_others(self, clause: Clause) -> bool:
        """Whether a state is told of all key results, or of all the others."""
        kind, text = clause.tokens[0].kind, self.folded[clause.start : clause.end]
        if clause.pieces or len(clause.tokens) > 1 or kind not in (Kind.UNCHANGED, Kind.DONE):
            return False
        if _REST.search(text):
            return True
        if self.part is None:
            return kind is Kind.UNCHANGED or bool(_EVERY.search(text))
        return kind is Kind.UNCHANGED and bool(self.part.figures) and bool(_EVERY.search(text))

    def _owner(self, token: Token, names: list[Reference], clause: Clause, at: int | None) -> Part | None:
        """The part a figure belongs to; None when it is only a piece of a note.

        `at` is where the clause goes on behind an earlier figure, None for its first one.
        """
        current = self.part
        numbers = self._fitting(named(names), token)
        if not numbers:
            return self._owner_without_name(token, clause, at)
        if current and not current.figures and (current.is_explicit or current.numbers & numbers):
            self._settle(current, numbers, token, is_titled=any(name.is_whole_title for name in names))
            return current
        if current and current.numbers == numbers:
            if self._is_aside(clause):
                return None
            return current if self._is_value(token, clause, clause.start if at is None else at) else None
        if role_of(self.folded, clause.start, token.start) in ("part", "plan"):
            return None
        return self._open(Part(clause.start if at is None else names[0].start, numbers, clause.end))

    def _settle(self, part: Part, numbers: frozenset[int], token: Token, *, is_titled: bool) -> None:
        """Brings what a part was called and the words beside the figure together."""
        if part.numbers & numbers:
            part.numbers = part.numbers if part.is_explicit else part.numbers & numbers
            return
        ours = any(accepts(self.lines[n], token) for n in part.numbers if n in self.lines)
        theirs = any(accepts(self.lines[n], token) for n in numbers)
        if is_titled or not (token.unit and ours and not theirs):
            part.numbers |= numbers

    def _owner_without_name(self, token: Token, clause: Clause, at: int | None) -> Part | None:
        current = self.part
        if current and not current.figures:
            return current
        if current and at is not None:
            return current if self._is_value(token, clause, at) else None
        lead = residue(self.folded, clause.start, token.start)
        heading = "" if lead or not self.heading else residue(self.folded, self.heading.start, self.heading.end)
        opens_line = self.heading.opens_line if heading and self.heading else clause.opens_line
        if current is None or (opens_line and (lead or heading)):
            return self._open_guessed(token, clause, lead, heading)
        if heading and self.heading and (numbers := self._spelled(heading, token)):
            return self._open(Part(self.heading.start, numbers, clause.end))
        if lead and not self._is_aside(clause) and is_foreign(self.folded, token, clause, list(self.lines.values())):
            return self._open(Part(clause.start, frozenset(), clause.end))
        is_bare = len(lead) == token.start - clause.start == 1 and token.end == clause.end
        if is_bare and (numbers := self._spelled(lead, token)):  # 率80
            return self._open(Part(clause.start, numbers, clause.end))
        return current if self._is_value(token, clause, clause.start) else None

    def _is_aside(self, clause: Clause) -> bool:
        """查处25起（酒驾20）: what stands in brackets behind a value is a detail of it."""
        return self.folded[clause.start - 1 : clause.start] == "(" and bool(self.part and self.part.figures)

    def _open_guessed(self, token: Token, clause: Clause, lead: str, heading: str) -> Part | None:
        """A part found by looser likeness; a figure on a line of its own may also be of no key result of ours."""
        name = lead or heading
        numbers = self._spelled(name, token) if name else frozenset(self.lines)
        likely = (
            frozenset[int]() if numbers or len(name) > _HEADING_LENGTH else resembling(name, list(self.lines.values()))
        )
        if not numbers | likely and self.part and not looks_like_item(self.folded, token, clause, name):
            return self.part if self._is_value(token, clause, clause.start) else None
        start = self.heading.start if heading and self.heading else clause.start
        part = Part(
            start, self._fitting(numbers or likely, token), clause.end, is_unnamed=not name, is_likely=bool(likely)
        )
        return self._open(part)

    def _spelled(self, name: str, token: Token) -> frozenset[int]:
        if len(name) > _HEADING_LENGTH:
            return frozenset()
        return self._fitting(spelled(name, list(self.lines.values())), token)

    def _fitting(self, numbers: frozenset[int], token: Token) -> frozenset[int]:
        """Those whose unit takes the figure, or all of them if none does."""
        return frozenset(number for number in numbers if accepts(self.lines[number], token)) or numbers

    def _is_value(self, token: Token, clause: Clause, at: int) -> bool:
        """Whether a later figure is about the current key result itself and not a detail of its note."""
        part = self.part
        if token.kind in (Kind.NOT_YET, Kind.NOT_DONE):
            return False
        if token.kind not in FIGURES:
            return not residue(self.folded, at, clause.end, clause.known)
        if part is None or (
            part.numbers and not any(accepts(self.lines[n], token) for n in part.numbers if n in self.lines)
        ):
            return False
        role = self._role_of(token, at, part)
        if role in ("part", "plan") or len(residue(self.folded, token.end, clause.end, clause.known)) >= _LONG_TAIL:
            return False
        is_second = (
            at > clause.start and token.kind is part.figures[-1][0].kind is Kind.NUMBER if part.figures else False
        )
        if is_second and not token.unit and not part.figures[-1][0].unit:  # 40中的25
            return True
        if at > clause.start and token.unit and not part.is_unnamed:  # 50户里走了35户: two values of one kind
            return True
        lead = len(residue(self.folded, at, token.start, clause.known))
        return lead <= (_LONG_LEAD if role or token.sign else 0)

    def _role_of(self, token: Token, at: int, part: Part) -> str:
        """The role of a figure of the part; what was received or last year's is a detail, unless the title says so."""
        aside = _ASIDE.search(self.folded, at, token.start)
        is_ours = aside and any(aside[0] in self.lines[n].title for n in part.numbers if n in self.lines)
        return "part" if aside and not is_ours else role_of(self.folded, at, token.start)

    def _give(self, part: Part, token: Token, clause: Clause, at: int) -> None:
        role = self._role_of(token, at, part)
        if not part.is_likely and len(part.numbers) == 1 and (line := self.lines.get(min(part.numbers))):
            role = rate_role(self.folded, at, token, line) or role
        lead = residue(self.folded, at, token.start, clause.known)
        tail = residue(self.folded, token.end, clause.end, clause.known)
        if token.kind is Kind.DONE and (len(lead) >= _LONG_TAIL or len(tail) >= _LONG_TAIL):
            role = "partial" if not gives_reason(self.folded[token.end : clause.end]) else role
        if len(lead) >= _LONG_LEAD or (part.note and lead.endswith("等")):
            part.add_note(at, token.end)
        part.figures.append((token, role))
        part.is_asking = part.is_asking or clause.is_asking
        part.end = max(part.end, token.end)
        self.heading = None
