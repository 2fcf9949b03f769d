import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatDay } from "@/lib/format";

interface Series {
  key: string;
  label: string;
  color: string;
}

interface TipProps {
  active?: boolean;
  label?: string | number;
  payload?: readonly { name?: string | number; value?: unknown; color?: string }[];
}

function Tip({ active, label, payload }: TipProps) {
  if (!active || !payload?.length) return null;
  return (
    <div className="rounded-lg border bg-popover px-3 py-2 text-xs shadow-pop">
      {label !== undefined && <p className="mb-1 font-medium">{formatDay(String(label))}</p>}
      {payload.map((item) => (
        <p key={String(item.name)} className="flex items-center gap-2">
          <span className="size-2 rounded-full" style={{ background: item.color }} />
          {item.name}
          <span className="ml-auto pl-4 font-medium tabular-nums">{String(item.value)}</span>
        </p>
      ))}
    </div>
  );
}

interface DayChartProps {
  data: { day: string }[];
  series: Series[];
  label: string;
}

/** Counts by day, one bar for each series. */
export function DayChart({ data, series, label }: DayChartProps) {
  return (
    <figure aria-label={label} className="flex h-full flex-col">
      <div className="relative min-h-56 flex-1">
        <div className="absolute inset-0">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 224 }}>
          <BarChart data={data} barGap={2} barCategoryGap="28%" margin={{ top: 6, right: 6, bottom: 0, left: 0 }}>
            <CartesianGrid vertical={false} stroke="var(--border)" strokeOpacity={0.8} />
            <XAxis
              dataKey="day"
              tickFormatter={(day) => formatDay(String(day))}
              tickLine={false}
              axisLine={false}
              minTickGap={28}
              tickMargin={8}
              tick={{ fill: "var(--muted-foreground)", fontSize: 12 }}
            />
            <YAxis
              allowDecimals={false}
              width={34}
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--muted-foreground)", fontSize: 12 }}
            />
            <Tooltip content={<Tip />} cursor={{ fill: "var(--accent)" }} />
            {series.map(({ key, label: name, color }) => (
              <Bar
                key={key}
                dataKey={key}
                name={name}
                fill={color}
                radius={[3, 3, 0, 0]}
                maxBarSize={14}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
        </div>
      </div>
      <figcaption className="mt-3 flex flex-wrap gap-4 pl-3 text-xs text-muted-foreground">
        {series.map(({ key, label: name, color }) => (
          <span key={key} className="inline-flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
