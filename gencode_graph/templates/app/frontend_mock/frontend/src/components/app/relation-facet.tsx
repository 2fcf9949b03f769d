import { useState } from "react";
import { Facet } from "@/components/app/facet";
import { useDebounced } from "@/hooks/use-debounced";
import type { UseChoices } from "@/lib/choices";

interface RelationFacetProps {
  label: string;
  useChoices: UseChoices;
  value: string[];
  onChange: (value: string[]) => void;
}

/** A filter by records, found by typing. */
export function RelationFacet({ useChoices, ...props }: RelationFacetProps) {
  const [text, setText] = useState("");
  const choices = useChoices(useDebounced(text, 150), props.value);
  return <Facet {...props} choices={choices} text={text} onText={setText} />;
}
