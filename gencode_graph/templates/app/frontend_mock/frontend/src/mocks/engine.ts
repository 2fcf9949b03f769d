/**
 * A REST API over in-memory tables. It answers like the backend does, so that the interface can be built,
 * tried and photographed before the backend exists.
 */
import { checkRules, checkValues } from "./checks";

export type Row = Record<string, unknown> & { id: string };
export type Tables = Record<string, Row[]>;
export type Where = Record<string, readonly string[]>;

export interface FieldRule {
  type: string;
  label: string;
  /** Has to be given on creation. */
  must?: boolean;
  nullable?: boolean;
  /** What it is when left out. */
  fallback?: string | number | boolean;
  unique?: boolean;
  /** Of a number its value, of a text its length. */
  min?: number;
  max?: number;
  /** A text that may not be blank. */
  visible?: boolean;
  pattern?: RegExp;
  options?: readonly string[];
}

export interface Resource {
  table: string;
  label: string;
  aNoun: string;
  fields: Record<string, FieldRule>;
  ones?: Record<string, { target: string; label: string; onDelete: "cascade" | "set_null" | "restrict"; must?: boolean }>;
  manys?: Record<string, { target: string; column: string; param: string }>;
  /** What others show of it. */
  ref: string[];
  search: string[];
  sort: string;
  sequence?: { per?: string };
  /** The column of the board a row is in. */
  board?: string;
  workflows?: { field: string; final: string[]; stamp: string }[];
  aggregates?: { field: string; op: "count" | "sum" | "avg"; source: string; via: string; of?: string; where?: Where }[];
  uniqueTogether?: string[][];
  noOverlap?: { start: string; end: string; scope: string[] }[];
}

export type Resources = Record<string, Resource>;

/** A refusal, with the body that the backend would send. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly detail: unknown,
  ) {
    super(String(detail));
  }
}

export function table(db: Tables, name: string): Row[] {
  db[name] ??= [];
  return db[name];
}

export function matches(row: Row, where: Where = {}): boolean {
  return Object.entries(where).every(([field, values]) => values.includes(String(row[field])));
}

/** A count, or a sum or average to two digits. */
export function figure(rows: Row[], op: "count" | "sum" | "avg" = "count", of = ""): number {
  if (op === "count") return rows.length;
  const values = rows.map((row) => row[of]).filter((value) => typeof value === "number");
  const sum = values.reduce((total, value) => total + value, 0);
  const value = op === "sum" ? sum : values.length ? sum / values.length : 0;
  return Math.round(value * 100) / 100;
}

/** A row as the API shows it: with what it refers to, and its figures. */
export function present(resources: Resources, db: Tables, resource: Resource, row: Row): Row {
  const ref = (slug: string, id: unknown) => {
    const target = resources[slug];
    const found = target && table(db, target.table).find((candidate) => candidate.id === id);
    return found && target ? Object.fromEntries(["id", ...target.ref].map((field) => [field, found[field]])) : null;
  };
  const shown: Row = { ...row };
  for (const [name, { target }] of Object.entries(resource.ones ?? {})) shown[name] = ref(target, row[`${name}_id`]);
  for (const [name, { target, column }] of Object.entries(resource.manys ?? {})) {
    shown[name] = ((row[column] ?? []) as string[]).map((id) => ref(target, id)).filter((value) => value !== null);
    delete shown[column];
  }
  for (const { field, op, source, via, of, where } of resource.aggregates ?? []) {
    shown[field] = figure(
      table(db, source).filter((other) => other[via] === row.id && matches(other, where)),
      op,
      of,
    );
  }
  return shown;
}

function compare(a: unknown, b: unknown, order?: readonly string[]): number {
  if (order) return order.indexOf(String(a)) - order.indexOf(String(b));
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function filtered(resource: Resource, rows: Row[], query: URLSearchParams): Row[] {
  const text = query.get("q")?.trim().toLowerCase() ?? "";
  const conditions: ((row: Row) => boolean)[] = [];
  if (text) {
    conditions.push((row) => resource.search.some((field) => String(row[field] ?? "").toLowerCase().includes(text)));
  }
  for (const [field, { type }] of Object.entries(resource.fields)) {
    const wanted = query.getAll(field);
    if (wanted.length > 0) conditions.push((row) => wanted.includes(String(row[field])));
    const [from, to] = [query.get(`${field}_from`), query.get(`${field}_to`)];
    const point = (value: unknown) => (type === "date" ? String(value) : new Date(String(value)).toISOString());
    if (from) conditions.push((row) => !!row[field] && point(row[field]) >= point(from));
    if (to) conditions.push((row) => !!row[field] && point(row[field]) <= point(to));
  }
  for (const name of Object.keys(resource.ones ?? {})) {
    const wanted = query.getAll(`${name}_id`);
    if (wanted.length > 0) conditions.push((row) => wanted.includes(String(row[`${name}_id`])));
  }
  for (const { column, param } of Object.values(resource.manys ?? {})) {
    const wanted = query.getAll(param);
    if (wanted.length > 0) conditions.push((row) => ((row[column] ?? []) as string[]).some((id) => wanted.includes(id)));
  }
  return rows.filter((row) => conditions.every((holds) => holds(row)));
}

function list(resources: Resources, db: Tables, resource: Resource, query: URLSearchParams) {
  const found = filtered(resource, table(db, resource.table), query);
  const sort = query.get("sort") ?? resource.sort;
  const key = sort.replace(/^-/, "");
  const order = resource.fields[key]?.options;
  found.sort((a, b) => {
    const [x, y] = [a[key] ?? null, b[key] ?? null];
    if (x === null || y === null) return x === y ? compare(a.id, b.id) : x === null ? 1 : -1;
    return (sort.startsWith("-") ? -1 : 1) * compare(x, y, order) || compare(a.id, b.id);
  });
  const page = Number(query.get("page") ?? 1);
  const size = Number(query.get("page_size") ?? 20);
  return {
    items: found.slice((page - 1) * size, page * size).map((row) => present(resources, db, resource, row)),
    total: found.length,
    page,
    page_size: size,
    pages: Math.max(1, Math.ceil(found.length / size)),
  };
}

function remove(resources: Resources, db: Tables, resource: Resource, id: string): void {
  const slug = Object.keys(resources).find((name) => resources[name] === resource);
  const links = Object.values(resources).flatMap((other) =>
    Object.entries(other.ones ?? {})
      .filter(([, { target }]) => target === slug)
      .map(([name, { onDelete }]) => ({ other, column: `${name}_id`, onDelete })),
  );
  for (const { other, column, onDelete } of links) {
    const rows = table(db, other.table).filter((row) => row[column] === id && row.id !== id);
    if (onDelete === "restrict" && rows.length > 0) throw new Refusal(409, "It is still in use and cannot be deleted");
    for (const row of rows) {
      if (onDelete === "cascade") remove(resources, db, other, row.id);
      else row[column] = null;
    }
  }
  for (const other of Object.values(resources)) {
    for (const { target, column } of Object.values(other.manys ?? {})) {
      if (target !== slug) continue;
      for (const row of table(db, other.table)) row[column] = ((row[column] ?? []) as string[]).filter((x) => x !== id);
    }
  }
  db[resource.table] = table(db, resource.table).filter((row) => row.id !== id);
}

const highest = (rows: Row[], field: string) => rows.reduce((top, row) => Math.max(top, Number(row[field] ?? 0)), 0);

/** Numbers, places on the board and stamps, as they follow from a change. */
function derive(resource: Resource, db: Tables, row: Row, before: Row | undefined, now: string): void {
  const others = table(db, resource.table).filter((other) => other.id !== row.id);
  const { sequence, board } = resource;
  if (sequence) {
    const scope = sequence.per;
    if (!before || (scope && row[scope] !== before[scope])) {
      row.number = highest(scope ? others.filter((other) => other[scope] === row[scope]) : others, "number") + 1;
    }
  }
  if (board && row[board] !== before?.[board] && (!before || row.position === before.position)) {
    row.position = highest(
      others.filter((other) => other[board] === row[board]),
      "position",
    ) + 1;
  }
  for (const { field, final, stamp } of resource.workflows ?? []) {
    if (row[field] !== before?.[field]) row[stamp] = final.includes(String(row[field])) ? now : null;
  }
}

function create(resources: Resources, db: Tables, resource: Resource, body: Record<string, unknown>): Row {
  checkValues(resources, db, resource, body, true);
  const now = new Date().toISOString();
  const row: Row = { id: crypto.randomUUID() };
  for (const [name, { fallback }] of Object.entries(resource.fields)) row[name] = body[name] ?? fallback ?? null;
  for (const name of Object.keys(resource.ones ?? {})) row[`${name}_id`] = body[`${name}_id`] ?? null;
  for (const { column } of Object.values(resource.manys ?? {})) row[column] = body[column] ?? [];
  Object.assign(row, { created_at: now, updated_at: now });
  derive(resource, db, row, undefined, now);
  checkRules(resource, db, row);
  table(db, resource.table).push(row);
  return row;
}

function update(resources: Resources, db: Tables, resource: Resource, row: Row, body: Record<string, unknown>): Row {
  checkValues(resources, db, resource, body, false);
  const now = new Date().toISOString();
  const next = { ...row, ...body, updated_at: now };
  derive(resource, db, next, row, now);
  checkRules(resource, db, next);
  return Object.assign(row, next);
}

async function answer(resources: Resources, db: Tables, request: Request): Promise<[number, unknown?]> {
  const url = new URL(request.url);
  const [slug = "", id] = url.pathname.replace(/^\/api\//, "").split("/");
  const resource = resources[slug];
  if (!resource) return [404, { detail: "Not Found" }];
  const show = (row: Row) => present(resources, db, resource, row);
  if (!id) {
    if (request.method === "GET") return [200, list(resources, db, resource, url.searchParams)];
    return [201, show(create(resources, db, resource, await request.json()))];
  }
  const row = table(db, resource.table).find((candidate) => candidate.id === id);
  if (!row) return [404, { detail: `${resource.label} not found` }];
  if (request.method === "GET") return [200, show(row)];
  if (request.method === "PATCH") return [200, show(update(resources, db, resource, row, await request.json()))];
  remove(resources, db, resource, id);
  return [204];
}

export function createMockApi(
  resources: Resources,
  db: Tables,
  extra: Record<string, (db: Tables) => unknown> = {},
  delay = 120,
) {
  return async (request: Request): Promise<Response> => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (request.signal.aborted) throw new DOMException("Aborted", "AbortError");
    const custom = extra[new URL(request.url).pathname.replace(/^\/api\//, "")];
    let [status, body]: [number, unknown?] = [200];
    try {
      [status, body] = custom ? [200, custom(db)] : await answer(resources, db, request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      [status, body] = [error.status, { detail: error.detail }];
    }
    const headers = { "content-type": "application/json" };
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
  };
}
