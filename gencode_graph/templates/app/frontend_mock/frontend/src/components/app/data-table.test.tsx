// @vitest-environment happy-dom
import "@/test/setup";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { type Column, DataTable } from "./data-table";
import { Pagination } from "./pagination";

const columns: Column<{ id: string; name: string }>[] = [
  { key: "name", header: "Name", sort: "name", cell: (row) => row.name },
];

it("announces and toggles the sort order", async () => {
  const onSort = vi.fn();
  const table = (sort: string) => (
    <DataTable rows={[{ id: "1", name: "A" }]} columns={columns} label="Things" mobile={(row) => row.name} sort={sort} onSort={onSort} />
  );
  const { rerender } = render(table("name"));
  expect(screen.getByRole("columnheader")).toHaveAttribute("aria-sort", "ascending");
  await userEvent.click(screen.getByRole("button", { name: "Name" }));
  expect(onSort).toHaveBeenCalledWith("-name");
  rerender(table("-name"));
  expect(screen.getByRole("columnheader")).toHaveAttribute("aria-sort", "descending");
});

it("stops at the last page", () => {
  render(<Pagination page={3} pages={3} total={31} pageSize={15} onPage={() => {}} />);
  expect(screen.getByText("31–31 of 31")).toBeVisible();
  expect(screen.getByRole("button", { name: "Next page" })).toBeDisabled();
});
