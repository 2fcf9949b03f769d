// @vitest-environment happy-dom
import "@/test/setup";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Kanban } from "./kanban";

const columns = ["open", "done", "late"].map((value) => ({ value, label: value.toUpperCase(), tone: "slate" as const }));
const items = [
  { id: "a", column: "open", position: 1 },
  { id: "b", column: "open", position: 2 },
  { id: "c", column: "done", position: 5 },
];

/** The board, and what is told of a move; `press` sends keys to the card that has the focus, without a pause. */
function board() {
  const onMove = vi.fn();
  render(<Kanban columns={columns} items={items} label={({ id }) => `Card ${id}`} renderCard={({ id }) => id} onMove={onMove} />);
  const press = (...keys: string[]) => {
    for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  };
  const cards = (column: string) =>
    within(screen.getByRole("region", { name: column }))
      .queryAllByRole("group")
      .map((card) => card.getAttribute("aria-label"));
  screen.getByRole("group", { name: "Card a" }).focus();
  return { onMove, press, cards };
}

it.each([
  [["ArrowRight"], "done", 4],
  [["ArrowRight", "ArrowDown"], "done", 6],
  [["ArrowRight", "ArrowRight"], "late", 0],
  [["ArrowDown"], "open", 3],
])("moves a card by the keys %j", (keys, column, position) => {
  const { onMove, press } = board();
  press(" ", ...keys, " ");
  expect(onMove).toHaveBeenCalledExactlyOnceWith(items[0], column, position);
  expect(screen.getByRole("group", { name: "Card a" })).toHaveFocus();
});

it("says where the card is, and puts it back", () => {
  const { onMove, press, cards } = board();
  press(" ", "ArrowRight");
  expect(screen.getByRole("status", { name: "Moves" })).toHaveTextContent("Card a is in DONE, 1 of 2");
  expect(cards("DONE")).toEqual(["Card a", "Card c"]);
  press("Escape");
  expect(cards("OPEN")).toEqual(["Card a", "Card b"]);
  expect(onMove).not.toHaveBeenCalled();
});

it("leaves a card that is not picked up, or goes nowhere", () => {
  const { onMove, press, cards } = board();
  press("ArrowRight", " ", "ArrowLeft", "ArrowUp", " ");
  expect(cards("OPEN")).toEqual(["Card a", "Card b"]);
  expect(onMove).not.toHaveBeenCalled();
});
