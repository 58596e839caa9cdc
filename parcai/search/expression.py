"""What is looked up: terms joined by and, or, not. Engines render it; nothing a person types reaches them otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    text: str
    is_prefix: bool = False


@dataclass(frozen=True)
class All:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Any:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Without:
    wanted: "Expression"
    unwanted: "Expression"


Expression = Term | All | Any | Without


def both(*parts: Expression | None) -> Expression:
    """All of the parts there are; one alone stands for itself."""
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    return kept[0] if len(kept) == 1 else All(kept)


def either(*parts: Expression) -> Expression:
    kept = tuple(dict.fromkeys(parts))
    return kept[0] if len(kept) == 1 else Any(kept)


def holds(expression: Expression, terms: frozenset[str] | set[str]) -> bool:
    """Whether a record of these terms is meant: the meaning every engine has to keep."""
    match expression:
        case Term(text, is_prefix):
            return any(term.startswith(text) for term in terms) if is_prefix else text in terms
        case All(parts):
            return all(holds(part, terms) for part in parts)
        case Any(parts):
            return any(holds(part, terms) for part in parts)
    return holds(expression.wanted, terms) and not holds(expression.unwanted, terms)


@dataclass(frozen=True)
class Grammar:
    """How an engine writes an expression. Terms hold letters, digits and . : = alone, so that quoting them is enough."""

    quote: str
    prefix: str
    all: str
    any: str
    without: str

    def written(self, expression: Expression) -> str:
        match expression:
            case Term(text, is_prefix):
                return self.quote + text + self.quote + (self.prefix if is_prefix else "")
            case All(parts):
                return "(" + self.all.join(map(self.written, parts)) + ")"
            case Any(parts):
                return "(" + self.any.join(map(self.written, parts)) + ")"
            case Without(wanted, unwanted):
                return f"({self.written(wanted)}{self.without}{self.written(unwanted)})"
