import { ImageIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/utils";

interface PictureProps {
  src: string;
  alt: string;
  className?: string;
}

/** A picture, or a quiet pattern where there is none or it cannot be loaded. */
export function Picture({ src, alt, className }: PictureProps) {
  const [broken, setBroken] = useState(false);
  useEffect(() => setBroken(src === ""), [src]);
  if (!src || broken) {
    return (
      <span
        className={cn(
          "grid place-content-center bg-linear-to-br from-muted to-accent text-muted-foreground/60",
          className,
        )}
      >
        <ImageIcon aria-hidden className="size-2/5 max-h-8 min-h-4 max-w-8 min-w-4" />
        {alt && <span className="sr-only">{alt}, no picture</span>}
      </span>
    );
  }
  return (
    <img
      src={src}
      alt={alt}
      loading="lazy"
      onError={() => setBroken(true)}
      className={cn("bg-muted object-cover", className)}
    />
  );
}
