// Charts: drawn from the figures that stand in the page, in the theme's colours, and each can become its table or a picture.
(() => {
  "use strict";
  const root = document.documentElement;
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const count = (n) => Number(n).toLocaleString("zh-CN");

  // Tooltips are built from elements, never from markup: names on charts come from complaint texts.
  const tip = (rows) => (params) => {
    const list = Array.isArray(params) ? params : [params];
    const box = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = list[0].name;
    box.append(head);
    for (const p of list) {
      const line = document.createElement("div");
      line.textContent = rows(p);
      box.append(line);
    }
    return box;
  };

  // Charts that are drawn again, because of a new theme or newer figures, stand at once.
  let animation = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const base = () => ({
    animation, animationDuration: 300,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: css("--muted") },
    aria: { enabled: true },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: css("--surface"), borderColor: css("--line"), padding: [8, 12],
      textStyle: { color: css("--text"), fontSize: 13 }, axisPointer: { type: "line", lineStyle: { color: css("--line-strong") } },
    },
  });
  const xAxis = (data, extra) => ({
    type: "category", data, axisTick: { show: false }, axisLine: { lineStyle: { color: css("--line") } },
    axisLabel: { color: css("--muted"), hideOverlap: true, fontSize: 12 }, ...extra,
  });
  const yAxis = (extra) => ({
    type: "value", minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: css("--line") } },
    axisLabel: { color: css("--muted"), fontSize: 12 }, ...extra,
  });

  const charts = {
    flow(d) {
      const names = d.rows.map((r) => r.label);
      return {
        ...base(),
        legend: { data: ["登记", "办结", "在办", ...(d.before ? [`${d.before}登记`] : [])], right: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: css("--muted") } },
        axisPointer: { link: [{ xAxisIndex: "all" }] },
        grid: [{ left: 44, right: 8, top: 32, height: "48%" }, { left: 44, right: 8, bottom: 24, height: "22%" }],
        xAxis: [xAxis(names, { gridIndex: 0, axisLabel: { show: false } }), xAxis(names, { gridIndex: 1 })],
        yAxis: [yAxis({ gridIndex: 0 }), yAxis({ gridIndex: 1, splitNumber: 2, scale: true })],
        tooltip: { ...base().tooltip, formatter: tip((p) => `${p.seriesName} ${p.value === null || p.value === undefined ? "—" : count(p.value)} 件`) },
        series: [
          { name: "登记", type: "bar", data: d.rows.map((r) => r.registered), itemStyle: { color: css("--accent"), borderRadius: [2, 2, 0, 0] }, barMaxWidth: 18 },
          { name: "办结", type: "line", data: d.rows.map((r) => r.resolved), color: css("--accent-2"), symbol: "circle", symbolSize: 5, showSymbol: d.rows.length < 45, lineStyle: { width: 2 } },
          ...(d.before ? [{ name: `${d.before}登记`, type: "line", data: d.rows.map((r) => r.before ?? null), color: css("--muted"), symbol: "none", z: 1, lineStyle: { width: 1.4, type: "dashed" } }] : []),
          { name: "在办", type: "line", xAxisIndex: 1, yAxisIndex: 1, data: d.rows.map((r) => r.backlog), color: css("--slate"), symbol: "none", lineStyle: { width: 1.6 }, areaStyle: { opacity: .16 } },
        ],
      };
    },
    trend(d) {
      return {
        ...base(),
        grid: { left: 36, right: 8, top: 12, bottom: 24 },
        xAxis: xAxis(d.rows.map((r) => r.label)), yAxis: yAxis(),
        tooltip: { ...base().tooltip, formatter: tip((p) => `${count(p.value)} 件`) },
        series: [{ type: "bar", data: d.rows.map((r) => r.count), itemStyle: { color: css("--accent"), borderRadius: [2, 2, 0, 0] }, barMaxWidth: 26 }],
      };
    },
    pareto(d, narrow) {
      return {
        ...base(),
        grid: { left: 44, right: 48, top: 16, bottom: narrow ? 12 : 74 },
        xAxis: xAxis(d.rows.map((r) => r.name), { axisLabel: { show: !narrow, color: css("--muted"), fontSize: 12, interval: 0, rotate: 32, width: 96, overflow: "truncate" } }),
        yAxis: [yAxis(), yAxis({ max: 100, min: 0, splitNumber: 2, splitLine: { show: false }, axisLabel: { formatter: "{value}%", color: css("--muted") } })],
        tooltip: { ...base().tooltip, formatter: tip((p) => (p.seriesName === "投诉" ? `${count(p.value)} 件` : `累计 ${p.value}%`)) },
        series: [
          { name: "投诉", type: "bar", cursor: "pointer", data: d.rows.map((r) => r.complaints), itemStyle: { color: css("--accent"), borderRadius: [2, 2, 0, 0] }, barMaxWidth: 34 },
          { name: "累计", type: "line", yAxisIndex: 1, data: d.rows.map((r) => r.cumulative), color: css("--accent-2"), symbolSize: 5, lineStyle: { width: 2 } },
        ],
      };
    },
    survival(d, narrow) {
      // The time axis is logarithmic: answers come within minutes, or days.
      const log = (t) => Math.log10(t);
      const colours = { 紧急: "--bad", 高: "--accent-2", 普通: "--slate", 低: "--good" };
      const end = log(d.max);
      const line = (r, i) => ({
        name: r.name, type: "line", step: "end", showSymbol: false, color: css(colours[r.name] ?? "--accent"), lineStyle: { width: i ? 1.5 : 2.4 },
        data: [...r.steps, [d.max, r.steps[r.steps.length - 1][1]]].map(([t, share]) => [log(t), share]),
        markLine: i ? undefined : {
          symbol: "none", silent: true, lineStyle: { color: css("--line-strong"), type: "dashed" },
          label: { color: css("--text"), fontSize: 12, formatter: (p) => p.name },
          data: d.targets.filter((m) => m.at <= d.max).map((m, k) => ({ name: narrow ? "" : m.label, xAxis: log(m.at), label: { position: "insideEndTop", rotate: 90, distance: 4 } })),
        },
      });
      const words = (t) => (t < 60 ? `${Math.round(t)} 秒` : t < 5400 ? `${Math.round(t / 60)} 分钟` : t < 172800 ? `${(t / 3600).toFixed(1)} 小时` : `${(t / 86400).toFixed(1)} 天`);
      return {
        ...base(),
        legend: { show: d.rows.length > 1, data: d.rows.map((r) => r.name), right: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: css("--muted") } },
        grid: { left: 44, right: 12, top: 34, bottom: 24 },
        xAxis: {
          type: "value", min: log(d.min), max: end, splitLine: { show: false }, axisLine: { lineStyle: { color: css("--line") } },
          axisTick: { customValues: d.ticks.map((t) => log(t.at)) },
          axisLabel: { color: css("--muted"), fontSize: 12, hideOverlap: true, customValues: d.ticks.map((t) => log(t.at)), formatter: (v) => d.ticks.find((t) => Math.abs(log(t.at) - v) < 1e-6)?.label ?? "" },
        },
        yAxis: yAxis({ min: 0, max: 100, interval: 25, axisLabel: { formatter: "{value}%", color: css("--muted"), fontSize: 12 } }),
        tooltip: { ...base().tooltip, formatter: (list) => {
          const box = tip((p) => `${p.seriesName} 仍有 ${p.value[1]}% 没有答复`)(list);
          box.firstChild.textContent = `登记后 ${words(10 ** list[0].axisValue)}`;
          return box;
        } },
        series: d.rows.map(line),
      };
    },
  };

  const drawn = new Map();
  const draw = (el) => {
    const source = document.getElementById(el.dataset.source);
    if (!window.echarts || !source || !charts[el.dataset.chart]) return;
    const data = JSON.parse(source.textContent);
    if (!data.rows || data.rows.length === 0) { el.hidden = true; return; }
    let chart = drawn.get(el);
    if (!chart) {
      chart = window.echarts.init(el, null, { renderer: "canvas" });
      drawn.set(el, chart);
      new ResizeObserver(() => { if (el.clientWidth > 0) chart.resize(); }).observe(el);
      if (el.dataset.chart === "pareto") {
        chart.on("click", (p) => { location.href = data.rows[p.dataIndex].url + location.search; });
      }
    }
    chart.setOption(charts[el.dataset.chart](data, el.clientWidth < 560), true);
  };
  const drawAll = () => {
    for (const [el, chart] of drawn) {
      if (!el.isConnected) { chart.dispose(); drawn.delete(el); }
    }
    document.querySelectorAll("[data-chart]").forEach((el) => { draw(el); show(el); });
    animation = false;
  };

  // Chart or table. What the reader chose stays chosen when the figures are renewed.
  const asTable = new Set();
  const boxOf = (el) => el.closest("section, article, figure, .card") ?? el.parentElement;
  const chartOf = (tools) => boxOf(tools).querySelector(`[data-chart="${tools.dataset.chartTools}"]`);
  const show = (el) => {
    const table = asTable.has(el.dataset.chart);
    const box = boxOf(el);
    const details = box.querySelector("details.as-table");
    if (details && table) details.open = true;
    el.hidden = table && details !== null;
    for (const b of box.querySelectorAll(`[data-chart-tools="${el.dataset.chart}"] [data-as]`)) {
      b.parentElement.hidden = details === null; // the page itself is the table
      b.setAttribute("aria-pressed", String((b.dataset.as === "table") === table));
    }
    if (!el.hidden) drawn.get(el)?.resize();
  };
  const save = (el) => {
    const chart = drawn.get(el);
    if (!chart) return;
    const canvas = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: css("--surface") });
    canvas.toBlob((blob) => {
      if (!blob) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${boxOf(el).querySelector("h2, h3")?.textContent.trim() ?? el.dataset.chart}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, "image/png");
  };
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.("[data-chart-tools] button");
    if (!button) return;
    const el = chartOf(button.closest("[data-chart-tools]"));
    if (!el) return;
    if (button.dataset.as === undefined) { save(el); return; }
    if (button.dataset.as === "table") asTable.add(el.dataset.chart);
    else {
      asTable.delete(el.dataset.chart);
      const details = boxOf(el).querySelector("details.as-table");
      if (details) details.open = false;
    }
    show(el);
  });

  document.body.addEventListener("htmx:afterSettle", () => { if (document.querySelector("[data-chart]:empty")) drawAll(); });
  document.addEventListener("wenguo:redraw", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Paper is light.
  addEventListener("beforeprint", () => { root.dataset.paper = ""; drawAll(); });
  addEventListener("afterprint", () => { delete root.dataset.paper; drawAll(); });
  drawAll();
})();
