import { Avatar } from "@/components/ui/avatar";
import { Tooltip } from "@/components/ui/tooltip";

interface AssigneeProps {
  name: string | undefined;
  /** What the person is to the record. */
  label: string;
}

/** A person by initials only, where there is little room. */
export function Assignee({ name, label }: AssigneeProps) {
  const text = name ? `${label}: ${name}` : `No ${label.toLowerCase()}`;
  return (
    <Tooltip label={text}>
      <span>
        {name ? (
          <Avatar name={name} className="size-5.5" />
        ) : (
          <span className="block size-5.5 rounded-full border border-dashed border-muted-foreground/50" />
        )}
        <span className="sr-only">{text}</span>
      </span>
    </Tooltip>
  );
}
