import { useQueryClient } from "@tanstack/react-query";

/** Asks again for everything that may show something else now. */
export function useReload(keys: string[]): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
}

/** The same after a deletion: the page of the record may still be open, and must not ask for it again. */
export function useForget(keys: string[]): (id: string) => Promise<unknown> {
  const client = useQueryClient();
  return (id) =>
    Promise.all(
      keys.map((key) =>
        client.invalidateQueries({
          queryKey: [key],
          predicate: ({ queryKey }) => !(queryKey[1] === "detail" && queryKey[2] === id),
        }),
      ),
    );
}
