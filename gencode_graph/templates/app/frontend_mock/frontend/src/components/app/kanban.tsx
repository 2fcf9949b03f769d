import {
  closestCorners,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  PointerSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Plus } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
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
 * What the pointer (or, by keyboard, the card) is over; cards before columns. Comparing corners
 * alone would never reach an empty column, because columns are much taller than cards.
 */
const detectCollision: CollisionDetection = (args) => {
  const hits = args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args);
  if (hits.length === 0) return closestCorners(args);
  const card = hits.find(({ data }) => data?.droppableContainer?.data?.current?.sortable);
  return card ? [card] : hits;
};

/** Columns of cards that can be moved by mouse, touch or keyboard. */
export function Kanban<T extends KanbanItem>({ columns, items, label, renderCard, onMove, onAdd }: KanbanProps<T>) {
  const byId = new Map(items.map((item) => [item.id, item]));
  const [layout, setLayout] = useState(() => layoutOf(columns, items));
  const [active, setActive] = useState<string | null>(null);
  const before = useRef(layout);

  useEffect(() => {
    if (!active) setLayout(layoutOf(columns, items));
  }, [columns, items, active]);

  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
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
      setLayout(before.current);
      return;
    }
    const order = [...(layout[column] ?? [])];
    const from = order.indexOf(id);
    const to = order.indexOf(String(over.id));
    if (to >= 0 && from !== to) order.splice(to, 0, ...order.splice(from, 1));
    setLayout({ ...layout, [column]: order });
    if (column === item.column && order.join() === (before.current[column] ?? []).join()) return;
    const index = order.indexOf(id);
    const previous = byId.get(order[index - 1] ?? "")?.position;
    const next = byId.get(order[index + 1] ?? "")?.position;
    // Halfway between the neighbours, so that no other card has to change.
    onMove(item, column, ((previous ?? (next ?? 0) - 2) + (next ?? (previous ?? 0) + 2)) / 2);
  };

  const dragged = active ? byId.get(active) : undefined;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={detectCollision}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDragEnd={onDragEnd}
      onDragCancel={() => {
        setActive(null);
        setLayout(before.current);
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
                <KanbanCard key={id} id={id} label={label(item)}>
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

function KanbanCard({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  // A group rather than a button, because cards contain links.
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id,
    attributes: { role: "group", roleDescription: "movable card" },
  });
  return (
    <li ref={setNodeRef} style={{ transform: CSS.Translate.toString(transform), transition }}>
      <div
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        aria-label={label}
        className={cn(
          "touch-manipulation rounded-lg outline-none focus-visible:ring-2 focus-visible:ring-ring/60",
          isDragging && "opacity-40",
        )}
      >
        {children}
      </div>
    </li>
  );
}
