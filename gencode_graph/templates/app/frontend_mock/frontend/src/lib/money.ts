const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });

export const CURRENCY = "$";

export function formatMoney(amount: number): string {
  return money.format(amount);
}
