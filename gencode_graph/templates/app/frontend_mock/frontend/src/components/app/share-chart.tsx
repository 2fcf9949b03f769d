import { Cell, Pie, PieChart, ResponsiveContainer } from "recharts";
import { type Tone, toneDot } from "@/lib/tones";
import { cn } from "@/lib/utils";

const toneColor: Record<Tone, string> = {
  slate: "var(--color-zinc-400)",
  red: "var(--color-red-500)",
  amber: "var(--color-amber-500)",
  green: "var(--color-emerald-500)",
  blue: "var(--color-sky-500)",
  violet: "var(--color-violet-500)",
  pink: "var(--color-pink-500)",
};

interface Share {
  value: string;
  label: string;
  tone: Tone;
  count: number;
}

interface ShareChartProps {
  data: Share[];
  label: string;
  format: (value: number) => string;
}

/** Parts of a whole, as a ring. */
export function ShareChart({ data, label, format }: ShareChartProps) {
  const total = data.reduce((sum, row) => sum + row.count, 0);
  return (
    <figure aria-label={label} className="@container">
      <div className="flex flex-col items-center gap-5 @sm:flex-row">
      <div className="relative size-40 shrink-0">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 160, height: 160 }}>
          <PieChart>
            <Pie
              data={data.filter((row) => row.count > 0)}
              dataKey="count"
              nameKey="label"
              innerRadius="72%"
              outerRadius="100%"
              paddingAngle={2}
              cornerRadius={4}
              stroke="none"
              startAngle={90}
              endAngle={-270}
              isAnimationActive={false}
            >
              {data
                .filter((row) => row.count > 0)
                .map((row) => (
                  <Cell key={row.value} fill={toneColor[row.tone]} />
                ))}
            </Pie>
          </PieChart>
        </ResponsiveContainer>
        <div className="pointer-events-none absolute inset-0 grid place-content-center text-center">
          <span className="text-2xl font-semibold tabular-nums">{format(total)}</span>
          <span className="text-xs text-muted-foreground">total</span>
        </div>
      </div>
      <div className="w-full min-w-0 flex-1 space-y-2 text-sm">
        {data.map((row) => (
          <div key={row.value} className="flex items-center gap-2">
            <span aria-hidden className={cn("size-2 rounded-full", toneDot[row.tone])} />
            <span className="truncate">{row.label}</span>
            <span className="ml-auto text-muted-foreground tabular-nums">{format(row.count)}</span>
          </div>
        ))}
      </div>
      </div>
    </figure>
  );
}
