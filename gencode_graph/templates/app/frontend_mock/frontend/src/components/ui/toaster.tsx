import { Toaster as Sonner } from "sonner";
import { useTheme } from "@/hooks/use-theme";

export function Toaster() {
  const { resolved } = useTheme();
  return (
    <Sonner
      theme={resolved}
      position="bottom-right"
      toastOptions={{ className: "!rounded-lg !border-border !bg-popover !text-popover-foreground !shadow-pop" }}
    />
  );
}
