import { AlertDialog as AlertPrimitive } from "radix-ui";
import { Button, buttonVariants } from "@/components/ui/button";
import { DialogFooter, overlayClass, panelClass } from "@/components/ui/dialog";
import { cn } from "@/lib/utils";

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: string;
  pending?: boolean;
  onConfirm: () => void;
}

/** Asks before something is lost. */
export function ConfirmDelete({ open, onOpenChange, title, description, pending, onConfirm }: ConfirmProps) {
  return (
    <AlertPrimitive.Root open={open} onOpenChange={onOpenChange}>
      <AlertPrimitive.Portal>
        <AlertPrimitive.Overlay className={overlayClass} />
        <AlertPrimitive.Content className={cn(panelClass, "sm:max-w-md")}>
          <div className="space-y-1.5 p-5">
            <AlertPrimitive.Title className="text-base font-semibold tracking-tight">{title}</AlertPrimitive.Title>
            <AlertPrimitive.Description className="text-sm text-muted-foreground">
              {description}
            </AlertPrimitive.Description>
          </div>
          <DialogFooter className="rounded-b-xl">
            <AlertPrimitive.Cancel className={buttonVariants({ variant: "outline" })}>Cancel</AlertPrimitive.Cancel>
            <Button variant="destructive" disabled={pending} onClick={onConfirm}>
              Delete
            </Button>
          </DialogFooter>
        </AlertPrimitive.Content>
      </AlertPrimitive.Portal>
    </AlertPrimitive.Root>
  );
}
