import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ComponentProps } from "react";
import { type Chevron as ChevronSlot, DayPicker } from "react-day-picker";
import { cn } from "@/lib/utils";
import { buttonVariants } from "./button";

function Chevron({ orientation }: ComponentProps<typeof ChevronSlot>) {
  return orientation === "left" ? <ChevronLeft className="size-4" /> : <ChevronRight className="size-4" />;
}

export function Calendar({ className, ...props }: ComponentProps<typeof DayPicker>) {
  return (
    <DayPicker
      showOutsideDays
      className={cn("p-3", className)}
      classNames={{
        months: "relative",
        month_caption: "flex h-7 items-center justify-center text-sm font-medium",
        nav: "absolute inset-x-0 top-0 flex items-center justify-between",
        button_previous: buttonVariants({ variant: "ghost", size: "icon-xs" }),
        button_next: buttonVariants({ variant: "ghost", size: "icon-xs" }),
        month_grid: "mt-2 border-collapse",
        weekday: "size-8 text-xs font-normal text-muted-foreground",
        day: "group size-8 p-0 text-center text-sm",
        day_button:
          "size-8 rounded-md outline-none hover:bg-accent focus-visible:ring-2 focus-visible:ring-ring/60 group-data-[selected=true]:bg-primary group-data-[selected=true]:text-primary-foreground",
        today: "font-semibold text-link",
        outside: "text-muted-foreground/70",
        disabled: "opacity-40",
      }}
      components={{ Chevron }}
      {...props}
    />
  );
}
