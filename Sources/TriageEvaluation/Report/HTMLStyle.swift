/// The style sheet of HTML reports.
enum HTMLStyle {
    static let sheet = """
        :root { --ground: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --stripe: #f6f8fa;
          --main: #0a5fb4; --good: #1a7f5a; --bad: #c2410c; --band: #0a5fb42e; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e6e9ed; --soft: #9aa4af;
          --line: #363d46; --stripe: #1b2027; --main: #6cb2ff; --good: #4cc38a; --bad: #ff9b63; --band: #6cb2ff3d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main { max-width: 70rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.35rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--line); }
        h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        p { max-width: 48rem; margin: .5rem 0 1rem; }
        .scroll { overflow-x: auto; margin: .75rem 0 1.5rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); padding: 0 0 .4rem; caption-side: top; max-width: 48rem; }
        th, td { padding: .28rem .8rem .28rem .4rem; text-align: left; vertical-align: top;
          border-bottom: 1px solid var(--line); }
        thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); font-weight: 600; }
        tbody th { font-weight: 500; }
        tbody tr:nth-child(even) { background: var(--stripe); }
        .n { text-align: right; white-space: nowrap; }
        td:not(.n) { overflow-wrap: anywhere; }
        .matrix { font-size: .8rem; }
        .matrix th, .matrix td { padding: .2rem .35rem; }
        .matrix thead th.n { padding: 0 .3rem .4rem; text-align: center; }
        .matrix thead th.n span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10.5rem;
          overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: inline-block; }
        .matrix td { min-width: 1.9rem; text-align: center; border: 1px solid var(--line); color: var(--soft); }
        .matrix tbody th { white-space: nowrap; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
        .matrix td.good { background: color-mix(in srgb, var(--good) var(--share), var(--ground)); color: var(--ink); }
        .matrix td.bad { background: color-mix(in srgb, var(--bad) var(--share), var(--ground)); color: var(--ink); }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: 1.25rem; margin: 1rem 0; }
        figure { margin: 0; max-width: 36rem; } svg { width: 100%; height: auto; display: block; }
        svg text { fill: var(--soft); font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        svg .title { fill: var(--ink); font-weight: 600; font-size: 13px; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .line { fill: none; stroke: var(--main); stroke-width: 2; stroke-linejoin: round; }
        svg .dot { fill: var(--main); } svg .band { fill: var(--band); }
        svg .reference { fill: none; stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
        details { margin: .75rem 0 1.5rem; } summary { cursor: pointer; color: var(--main); }
        @media print { main { max-width: none; } details > * { display: block; } }
        """
}
