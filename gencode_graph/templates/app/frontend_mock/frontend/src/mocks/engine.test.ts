import { beforeEach, expect, it } from "vitest";
import { createMockApi, type Resources, type Row, type Tables } from "./engine";

const resources: Resources = {
  rooms: {
    table: "rooms",
    label: "Room",
    aNoun: "A room",
    fields: { name: { type: "string", label: "Name", must: true, visible: true, max: 20, unique: true } },
    ref: ["name"],
    search: ["name"],
    sort: "name",
    aggregates: [{ field: "open", op: "count", source: "talks", via: "room_id", where: { state: ["open"] } }],
  },
  talks: {
    table: "talks",
    label: "Talk",
    aNoun: "A talk",
    fields: {
      title: { type: "string", label: "Title", must: true, visible: true, max: 20 },
      state: { type: "enum", label: "State", fallback: "open", options: ["open", "held"] },
      starts_at: { type: "datetime", label: "Starts", must: true },
      ends_at: { type: "datetime", label: "Ends", must: true },
    },
    ones: { room: { target: "rooms", label: "Room", onDelete: "restrict", must: true } },
    ref: ["title"],
    search: ["title"],
    sort: "-created_at",
    sequence: { per: "room_id" },
    board: "state",
    workflows: [{ field: "state", final: ["held"], stamp: "held_at" }],
    noOverlap: [{ start: "starts_at", end: "ends_at", scope: ["room_id"] }],
  },
};

let api: ReturnType<typeof createMockApi>;

beforeEach(() => {
  const db: Tables = { rooms: [], talks: [] };
  api = createMockApi(resources, db, {}, 0);
});

async function call<T = Row>(method: string, path: string, body?: object): Promise<{ status: number; data: T }> {
  const init = { method, body: body && JSON.stringify(body) };
  const response = await api(new Request(`http://mock/api/${path}`, init));
  return { status: response.status, data: response.status === 204 ? undefined : await response.json() };
}

const post = async (path: string, body: object) => (await call("POST", path, body)).data;
const talk = (room_id: string, hour: number, more: object = {}) => ({
  title: `Talk ${hour}`,
  room_id,
  starts_at: `2026-03-01T${hour}:00:00Z`,
  ends_at: `2026-03-01T${hour + 1}:00:00Z`,
  ...more,
});

it("counts references, stamps final states and keeps figures", async () => {
  const room = await post("rooms", { name: "Blue" });
  const first = await post("talks", talk(room.id, 10));
  const second = await post("talks", talk(room.id, 12));
  expect([first.number, second.number, second.position]).toEqual([1, 2, 2]);
  expect(first.room).toEqual({ id: room.id, name: "Blue" });
  expect((await call("GET", `rooms/${room.id}`)).data.open).toBe(2);
  const held = await call("PATCH", `talks/${first.id}`, { state: "held" });
  expect(held.data.held_at).toBeTruthy();
  expect((await call("GET", `rooms/${room.id}`)).data.open).toBe(1);
});

it("searches, filters, sorts and pages", async () => {
  const room = await post("rooms", { name: "Blue" });
  for (const hour of [10, 12, 14]) await post("talks", talk(room.id, hour, { state: hour === 12 ? "held" : "open" }));
  const list = async (query: string) => {
    const { data } = await call<{ items: Row[]; pages: number }>("GET", `talks?${query}`);
    return [data.items.map((row) => row.title), data.pages];
  };
  expect(await list("sort=-title&page_size=2")).toEqual([["Talk 14", "Talk 12"], 2]);
  expect(await list("q=TALK%2012")).toEqual([["Talk 12"], 1]);
  expect(await list("state=open&sort=title")).toEqual([["Talk 10", "Talk 14"], 1]);
  expect(await list("sort=-state&page_size=1")).toEqual([["Talk 12"], 3]);
  expect(await list("starts_at_from=2026-03-01T11:00:00Z&starts_at_to=2026-03-01T13:00:00Z")).toEqual([["Talk 12"], 1]);
});

it("refuses what the backend refuses", async () => {
  const room = await post("rooms", { name: "Blue" });
  await post("talks", talk(room.id, 10));
  expect((await call("POST", "rooms", { name: " " })).status).toBe(422);
  expect((await call("POST", "rooms", { name: "x".repeat(21) })).status).toBe(422);
  expect((await call("POST", "rooms", { name: "Blue" })).data).toEqual({
    detail: "A room with this name already exists",
  });
  expect((await call("POST", "talks", talk(room.id, 10))).data).toEqual({
    detail: "It overlaps with another talk of the same room",
  });
  const backwards = talk(room.id, 20, { ends_at: "2026-03-01T19:00:00Z" });
  expect((await call("POST", "talks", backwards)).status).toBe(422);
  expect((await call("POST", "talks", talk("nowhere", 22))).status).toBe(404);
  expect((await call("DELETE", `rooms/${room.id}`)).status).toBe(409);
  expect((await call("GET", "rooms/nothing")).status).toBe(404);
});
