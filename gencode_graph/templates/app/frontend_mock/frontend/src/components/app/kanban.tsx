import {
  closestCorners,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  type DragStartEvent,
  PointerSensor,
  pointerWithin,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Plus } from "lucide-react";
import { type DOMAttributes, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { OptionIcon } from "@/components/app/option";
import { Button } from "@/components/ui/button";
import type { Option } from "@/lib/tones";
import { cn } from "@/lib/utils";

export interface KanbanItem {
  id: string;
  column: string;
  position: number;
}

interface KanbanProps<T extends KanbanItem> {
  columns: readonly Option[];
  items: T[];
  label: (item: T) => string;
  renderCard: (item: T) => ReactNode;
  onMove: (item: T, column: string, position: number) => void;
  onAdd?: (column: string) => void;
}

type Layout = Record<string, string[]>;

function layoutOf(columns: readonly Option[], items: KanbanItem[]): Layout {
  const sorted = [...items].sort((a, b) => a.position - b.position);
  return Object.fromEntries(
    columns.map(({ value }) => [value, sorted.filter((item) => item.column === value).map((item) => item.id)]),
  );
}

/**
 * What the pointer is over; cards before columns. Comparing corners alone would never reach an
 * empty column, because columns are much taller than cards.
 */
const detectCollision: CollisionDetection = (args) => {
  const hits = pointerWithin(args);
  if (hits.length === 0) return closestCorners(args);
  const card = hits.find(({ data }) => data?.droppableContainer?.data?.current?.sortable);
  return card ? [card] : hits;
};

/** Where a card goes by an arrow key; the layout as it is when there is no such place. */
function stepped(layout: Layout, id: string, key: string): Layout {
  const names = Object.keys(layout);
  const from = names.find((name) => layout[name]?.includes(id));
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
  const to = from && names[names.indexOf(from) + across];
  if (!from || !to) return layout;
  const place = (layout[from] ?? []).indexOf(id) + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0);
  const rest = { ...layout, [from]: (layout[from] ?? []).filter((item) => item !== id) };
  const order = [...(rest[to] ?? [])];
  order.splice(Math.max(0, place), 0, id);
  return { ...rest, [to]: order };
}

const INSTRUCTIONS =
  "Press space to pick up the card, the arrow keys to move it, space to drop it, and escape to put it back.";
const noWords = () => undefined;
const SILENT = { onDragStart: noWords, onDragOver: noWords, onDragEnd: noWords, onDragCancel: noWords };

/** Columns of cards that can be moved by mouse, touch or keyboard. */
export function Kanban<T extends KanbanItem>({ columns, items, label, renderCard, onMove, onAdd }: KanbanProps<T>) {
  const byId = new Map(items.map((item) => [item.id, item]));
  const [layout, setLayout] = useState(() => layoutOf(columns, items));
  const [active, setActive] = useState<string | null>(null);
  const [held, setHeld] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const before = useRef(layout);

  const refresh = () => setLayout(layoutOf(columns, items));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a dropped card stays until its item says where it is
  useEffect(() => {
    if (!active && !held) refresh();
  }, [columns, items]);

  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
  );

  const columnOf = (id: string) => (id in layout ? id : Object.keys(layout).find((key) => layout[key]?.includes(id)));

  const onDragStart = ({ active: dragged }: DragStartEvent) => {
    before.current = layout;
    setActive(String(dragged.id));
  };

  const onDragOver = ({ active: dragged, over }: DragOverEvent) => {
    if (!over) return;
    const id = String(dragged.id);
    const from = columnOf(id);
    const to = columnOf(String(over.id));
    if (!from || !to || from === to) return;
    setLayout((current) => {
      const target = (current[to] ?? []).filter((item) => item !== id);
      const index = target.indexOf(String(over.id));
      target.splice(index < 0 ? target.length : index, 0, id);
      return { ...current, [from]: (current[from] ?? []).filter((item) => item !== id), [to]: target };
    });
  };

  const onDragEnd = ({ active: dragged, over }: DragEndEvent) => {
    const id = String(dragged.id);
    setActive(null);
    const column = columnOf(id);
    const item = byId.get(id);
    if (!over || !column || !item) {
      refresh();
      return;
    }
    const order = [...(layout[column] ?? [])];
    const from = order.indexOf(id);
    const to = order.indexOf(String(over.id));
    if (to >= 0 && from !== to) order.splice(to, 0, ...order.splice(from, 1));
    setLayout({ ...layout, [column]: order });
    drop(item, column, order);
  };

  const drop = (item: T, column: string, order: string[]) => {
    if (column === item.column && order.join() === (before.current[column] ?? []).join()) {
      refresh();
      return;
    }
    const index = order.indexOf(item.id);
    const previous = byId.get(order[index - 1] ?? "")?.position;
    const next = byId.get(order[index + 1] ?? "")?.position;
    // Halfway between the neighbours, so that no other card has to change.
    onMove(item, column, ((previous ?? (next ?? 0) - 2) + (next ?? (previous ?? 0) + 2)) / 2);
  };

  const putBack = () => {
    setHeld(null);
    refresh();
  };

  // Not the library's keyboard sensor: it loses keys that come before it has measured the columns.
  const onKey = (event: KeyboardEvent, item: T) => {
    const name = label(item);
    if (event.target !== event.currentTarget) return; // a link in the card
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      const column = columnOf(item.id);
      if (!held) {
        before.current = layout;
        setHeld(item.id);
        setWords(`${name} is picked up`);
      } else if (column) {
        setHeld(null);
        setWords(`${name} is dropped in ${labelOf(column)}`);
        drop(item, column, layout[column] ?? []);
      }
    } else if (held && event.key === "Escape") {
      putBack();
      setWords(`${name} is back in ${labelOf(item.column)}`);
    } else if (held && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const next = stepped(layout, item.id, event.key);
      const column = Object.keys(next).find((key) => next[key]?.includes(item.id)) ?? item.column;
      const order = next[column] ?? [];
      setLayout(next);
      setWords(`${name} is in ${labelOf(column)}, ${order.indexOf(item.id) + 1} of ${order.length}`);
    }
  };

  const labelOf = (column: string) => columns.find(({ value }) => value === column)?.label ?? column;
  const dragged = active ? byId.get(active) : undefined;
  return (
    <DndContext
      accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: INSTRUCTIONS } }}
      sensors={sensors}
      collisionDetection={detectCollision}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDragEnd={onDragEnd}
      onDragCancel={() => {
        setActive(null);
        refresh();
      }}
    >
      <div className="relative flex h-full snap-x snap-mandatory gap-3 overflow-x-auto pb-2 md:snap-none">
        {columns.map((column) => (
          <KanbanColumn
            key={column.value}
            column={column}
            ids={layout[column.value] ?? []}
            onAdd={onAdd && (() => onAdd(column.value))}
          >
            {(layout[column.value] ?? []).map((id) => {
              const item = byId.get(id);
              return item ? (
                <KanbanCard
                  key={id}
                  id={id}
                  label={label(item)}
                  held={held === id}
                  keyboard={{
                    onKeyDown: (event) => onKey(event, item),
                    onBlur: (event) => held === id && event.target === event.currentTarget && putBack(),
                  }}
                >
                  {renderCard(item)}
                </KanbanCard>
              ) : null;
            })}
          </KanbanColumn>
        ))}
      </div>
      <DragOverlay>
        {dragged && <div className="cursor-grabbing rounded-lg shadow-pop">{renderCard(dragged)}</div>}
      </DragOverlay>
      <p role="status" aria-label="Moves" className="sr-only">
        {words}
      </p>
    </DndContext>
  );
}

function KanbanColumn({
  column,
  ids,
  onAdd,
  children,
}: { column: Option; ids: string[]; onAdd?: () => void; children: ReactNode }) {
  const { setNodeRef, isOver } = useDroppable({ id: column.value });
  return (
    <section
      aria-label={column.label}
      className={cn(
        "flex max-h-full w-[82vw] shrink-0 snap-center flex-col rounded-xl bg-muted/60 sm:w-72 md:w-auto md:min-w-44 md:flex-1",
        isOver && "ring-2 ring-ring/40",
      )}
    >
      <header className="flex items-center gap-2 px-3 py-2.5">
        <OptionIcon option={column} />
        <h2 className="text-[13px] font-semibold">{column.label}</h2>
        <span className="text-xs text-muted-foreground tabular-nums">{ids.length}</span>
        {onAdd && (
          <Button variant="ghost" size="icon-xs" className="ml-auto text-muted-foreground" onClick={onAdd}>
            <Plus />
            <span className="sr-only">Add to {column.label}</span>
          </Button>
        )}
      </header>
      <SortableContext id={column.value} items={ids} strategy={verticalListSortingStrategy}>
        <ul ref={setNodeRef} className="relative min-h-16 flex-1 space-y-2 overflow-y-auto px-2 pb-2">
          {children}
        </ul>
      </SortableContext>
    </section>
  );
}

interface KanbanCardProps {
  id: string;
  label: string;
  /** Picked up by keyboard. */
  held: boolean;
  keyboard: Pick<DOMAttributes<HTMLElement>, "onKeyDown" | "onBlur">;
  children: ReactNode;
}

function KanbanCard({ id, label, held, keyboard, children }: KanbanCardProps) {
  // A group rather than a button, because cards contain links.
  const { setNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id,
    attributes: { role: "group", roleDescription: "movable card" },
  });
  const card = useRef<HTMLDivElement>(null);

  // In another column the card is another element, which has to take the focus over.
  useLayoutEffect(() => {
    if (held) card.current?.focus();
  }, [held]);

  return (
    <li ref={setNodeRef} style={{ transform: CSS.Translate.toString(transform), transition }}>
      <div
        ref={card}
        {...attributes}
        {...listeners}
        {...keyboard}
        aria-label={label}
        className={cn(
          "touch-manipulation rounded-lg outline-none focus-visible:ring-2 focus-visible:ring-ring/60",
          isDragging && "opacity-40",
          held && "shadow-pop ring-2 ring-ring",
        )}
      >
        {children}
      </div>
    </li>
  );
}
