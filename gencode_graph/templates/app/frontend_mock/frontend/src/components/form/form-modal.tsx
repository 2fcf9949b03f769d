import type { FormEvent, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { Spinner } from "@/components/ui/spinner";
import { cn } from "@/lib/utils";

interface FormModalProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Two columns of fields instead of one. */
  wide?: boolean;
  /** Mounted anew each time it opens, so that it starts with fresh values. */
  children: ReactNode;
}

export function FormModal({ open, onOpenChange, wide, children }: FormModalProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className={wide ? "sm:max-w-2xl" : "sm:max-w-md"}>{children}</DialogContent>
    </Dialog>
  );
}

interface FormFrameProps {
  title: string;
  description: string;
  submit: string;
  pending: boolean;
  /** What is wrong with the record as a whole. */
  error?: string;
  wide?: boolean;
  onSubmit: (event: FormEvent) => void;
  children: ReactNode;
}

export function FormFrame({ title, description, submit, pending, error, wide, onSubmit, children }: FormFrameProps) {
  return (
    <form onSubmit={onSubmit} noValidate className="flex min-h-0 flex-1 flex-col">
      <DialogHeader>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{description}</DialogDescription>
      </DialogHeader>
      <DialogBody className={cn("grid gap-4", wide && "sm:grid-cols-2")}>
        {children}
        {error && (
          <p role="alert" className="text-[13px] text-destructive sm:col-span-full dark:text-red-400">
            {error}
          </p>
        )}
      </DialogBody>
      <DialogFooter className="rounded-b-xl">
        <DialogClose asChild>
          <Button variant="outline">Cancel</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {pending && <Spinner />}
          {submit}
        </Button>
      </DialogFooter>
    </form>
  );
}
