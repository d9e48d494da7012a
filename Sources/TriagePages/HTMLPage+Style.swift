extension HTMLPage {
    /// The style sheet of every page.
    ///
    /// Colours follow the reader's light or dark mode; the class `light` or `dark` on the root overrides it. Print is light.
    package static let style = """
        :root { color-scheme: light dark; --ground: light-dark(#fff, #14181d); --ink: light-dark(#1b1f24, #e6e9ed);
          --soft: light-dark(#57606a, #9aa4af); --line: light-dark(#d0d7de, #363d46);
          --stripe: light-dark(#f6f8fa, #1b2027); --main: light-dark(#0a5fb4, #6cb2ff);
          --good: light-dark(#166b45, #4cc38a); --bad: light-dark(#a83a0b, #ff9b63);
          --band: light-dark(#0a5fb42e, #6cb2ff3d); --for: light-dark(#cfe3fb, #143a66);
          --against: light-dark(#fde0bd, #5a3208); }
        :root.light { color-scheme: light; } :root.dark { color-scheme: dark; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        header, main { max-width: 66rem; margin: 0 auto; padding: 1rem 1.25rem; }
        main { padding-bottom: 4rem; } header { padding-bottom: 0; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.5rem 0 .5rem; padding-top: .75rem;
          border-top: 2px solid var(--line); }
        main > h2:first-child, main > p:first-child + h2 { border-top: 0; margin-top: 0; }
        h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
        p { max-width: 48rem; margin: .5rem 0 1rem; }
        a, summary { color: var(--main); } summary { cursor: pointer; padding: .2rem 0; }
        pre { background: var(--stripe); padding: .75rem; border-radius: .4rem; font-size: .875rem;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        ul { margin: .2rem 0 .7rem; padding: 0; list-style: none; }
        ul.points { max-width: 48rem; padding-left: 1.2rem; list-style: disc; } .points li { margin: .25rem 0; }
        .sheet + .sheet { margin-top: 4rem; border-top: 6px double var(--line); padding-top: 1rem; }
        .quiet { color: var(--soft); font-size: .9rem; margin: .3rem 0; }
        .unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }

        /* Tables */
        .scroll { overflow-x: auto; margin: .75rem 0 1.5rem; }
        table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
        table.wide { width: 100%; } table:is(.wide, .stack) { margin: .5rem 0 1rem; }
        caption { text-align: left; color: var(--soft); padding: 0 0 .4rem; caption-side: top; max-width: 48rem; }
        th, td { padding: .28rem .8rem .28rem .4rem; text-align: left; vertical-align: top; font-weight: 400;
          border-bottom: 1px solid var(--line); }
        thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); font-weight: 600; }
        tbody th { font-weight: 500; } tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--ink); }
        tbody tr:nth-child(even) { background: var(--stripe); }
        .n { text-align: right; white-space: nowrap; }
        td:not(.n), tbody th { overflow-wrap: anywhere; }
        .scroll table:not(.stack) :is(td, tbody th) { overflow-wrap: break-word; max-width: 22rem; }
        .scroll caption { max-width: min(48rem, 100vw - 2.5rem); }
        thead th.n { white-space: normal; }
        .stack td, .stack tbody th { overflow-wrap: break-word; }
        @media (max-width: 60rem) {
          .stack, .stack caption, .stack tbody, .stack tr, .stack td, .stack tbody th { display: block; }
          .stack thead, .stack td:empty { display: none; }
          .stack tr { border-bottom: 1px solid var(--line); padding: .3rem .4rem; }
          .stack td, .stack tbody th { border: 0; padding: 0; overflow-wrap: anywhere; text-align: left; }
          .stack td.bar { width: auto; padding: .2rem 0; } .stack td.bar::before { display: block; }
          .stack [data-name]::before { content: attr(data-name) ": "; font-weight: 600; font-size: .85rem; } }

        /* Confusion matrices: a cell's colour by its share of the row */
        .matrix { font-size: .8rem; }
        .matrix th, .matrix td { padding: .2rem .35rem; }
        .matrix thead th.n { padding: 0 .3rem .4rem; text-align: center; }
        .matrix thead th.n span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10.5rem;
          overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: inline-block; }
        .matrix td { min-width: 1.9rem; text-align: center; border: 1px solid var(--line); color: var(--soft); }
        .matrix tbody th { white-space: nowrap; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
        .good { --tint: var(--good); } .bad { --tint: var(--bad); }
        .matrix td:is(.good, .bad) { color: var(--ink);
          background: color-mix(in srgb, var(--tint) var(--share), var(--ground)); }
        \(shares)

        /* Diagrams */
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr));
          gap: 1.25rem; margin: 1rem 0; }
        figure { margin: 0; max-width: 36rem; } svg { width: 100%; height: auto; display: block; }
        svg text { fill: var(--soft); font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        @media (max-width: 30rem) { .plots svg text { font-size: 16px; } .bars svg text { font-size: 18px; } }
        svg .title { fill: var(--ink); font-weight: 600; font-size: 13px; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .line { fill: none; stroke: var(--main); stroke-width: 2; stroke-linejoin: round; }
        svg .dot { fill: var(--main); } svg .band { fill: var(--band); }
        svg .reference { fill: none; stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }

        /* Words that speak for a label, and against it: a colour and a line that tell them apart */
        .text { border-left: 3px solid var(--line); margin: .5rem 0; padding: .25rem .75rem; white-space: pre-wrap;
          overflow-wrap: anywhere; } .subject { font-weight: 600; }
        mark { color: inherit; border-radius: 2px; padding: 0 .1em; }
        mark.for { background: var(--for); border-bottom: 2px solid var(--main); }
        mark.against { background: var(--against); border-bottom: 2px dashed var(--bad); }
        tr:has(> .bar) > :first-child { min-width: min(9rem, 33vw); }
        @media (max-width: 30rem) { table:has(.bar) :is(th, td) { padding-right: .3rem; } }
        td.bar { width: 40%; min-width: 2.5rem; vertical-align: middle; } td.bar svg { height: .6rem; }
        rect.for { fill: var(--main); } rect.against { fill: var(--bad); }

        /* The console */
        header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; flex-wrap: wrap; }
        header nav { flex: 1 1 16rem; } header nav > * { margin-right: .8rem; white-space: nowrap; } [aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
        header .tools { display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap; }
        .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .3rem; }
        form.inline { display: inline-block; margin: 0 .5rem .5rem 0; } form.narrow { max-width: 32rem; }
        button[type].plain { border: 0; background: none; color: var(--main); padding: 0; text-decoration: underline; }
        .row { display: flex; gap: .8rem; flex-wrap: wrap; align-items: end; } .row label { margin: .2rem 0; min-width: 0; max-width: 100%; }
        .row label span { display: block; font-size: .85rem; }
        input:not([type=hidden]), select { font: inherit; font-weight: 400; max-width: 100%; padding: .35rem .5rem; color: var(--ink);
          background: var(--ground); border: 1px solid var(--soft); border-radius: .4rem; }
        form.narrow input { width: 100%; }
        .message { background: var(--band); border-left: 3px solid var(--main); padding: .4rem .8rem; }
        .outage { border-left: 3px solid var(--bad); background: var(--stripe); padding: .4rem .8rem; margin: .5rem 0 1rem; }
        .outage :is(p, ul) { margin: .2rem 0; } .outage p:first-child b { color: var(--bad); }
        input[type=range] { width: min(30rem, 80vw); accent-color: var(--main); } output { font-weight: 600; min-width: 4rem; }
        svg .ring { fill: none; stroke: var(--bad); stroke-width: 3; }
        label { display: block; font-weight: 600; margin: .6rem 0 .3rem; }
        textarea { width: 100%; font: inherit; padding: .7rem; border: 1px solid var(--soft); border-radius: .5rem;
          background: var(--ground); color: var(--ink); }
        button { font: inherit; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--stripe); color: inherit; cursor: pointer; }
        button[type=submit] { background: var(--main); border-color: var(--main); color: var(--ground); font-weight: 600; }
        .button { display: inline-block; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--stripe); color: inherit; text-decoration: none; }
        button.primary { background: var(--main); border-color: var(--main); color: var(--ground); font-weight: 600; }
        kbd { font: .8rem ui-monospace, monospace; border: 1px solid currentColor; border-radius: .25rem;
          padding: 0 .35em; }
        fieldset { border: 0; margin: 0; padding: 0; } legend { font-weight: 600; padding: 0 0 .3rem; }
        .choices { display: flex; gap: .4rem; flex-wrap: wrap; } 
        :is(.choices, .inline, .row) button:not(.primary, .plain) { background: var(--stripe); color: var(--ink);
          border-color: var(--line); font-weight: 400; } .choices .suggested { outline: 1px solid var(--main); }
        button .quiet { color: inherit; margin: 0; }
        .actions { margin: .6rem 0; display: flex; gap: .5rem; flex-wrap: wrap; align-items: start; }
        .actions form { margin: 0; }
        .split { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
        @media (min-width: 60rem) { body:has(.split) > :is(header, main) { max-width: 100rem; }
          .split { grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); } }
        ol.queue { list-style: none; margin: 0; padding: 0; }
        .queue a { display: block; padding: .5rem .7rem; color: inherit; text-decoration: none;
          border-bottom: 1px solid var(--line); border-left: 3px solid transparent; overflow-wrap: anywhere; }
        .queue a:hover { background: var(--stripe); }
        .queue a[aria-current] { border-left-color: var(--main); background: var(--band); font-weight: 400; }
        .queue a[aria-current] .quiet { color: inherit; }
        .queue + p { margin-top: .8rem; } .queue b, .queue span { display: block; } .queue b { font-weight: 600; }
        h2#open { margin-top: .3rem; border: 0; padding: 0; overflow-wrap: anywhere; }
        @media (max-width: 60rem) { ol.queue { max-height: 15rem; overflow-y: auto; } }
        figure.bars { max-width: 48rem; } .quiet + .scroll { margin-top: 2rem; }
        input[type=checkbox] { width: 1.1rem; height: 1.1rem; vertical-align: text-bottom; }
        dialog { color: var(--ink); background: var(--ground); border: 1px solid var(--soft); border-radius: .6rem;
          max-width: min(28rem, 92vw); } dialog::backdrop { background: #0008; } dialog h2 { margin: 0; border: 0; }
        .samples { max-width: none; } .samples a { margin-right: .7rem; white-space: nowrap; }
        h2:focus { outline-offset: .3rem; }
        .summary { font-size: 1.1rem; border-left: 3px solid var(--main); padding-left: .8rem; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: 1rem; }
        .figures { grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); } .samples [aria-current] { font-weight: 600; }
        .card { overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
        .card h3 { margin: 0; font-size: .85rem; text-transform: uppercase; letter-spacing: .06em; }
        .label { font-size: 1.35rem; font-weight: 650; margin: .2rem 0; } meter { width: 100%; height: .8rem; }
        .level { font-size: .75rem; font-weight: 600; padding: .15rem .5rem; border-radius: 1rem;
          border: 1px solid currentColor; vertical-align: middle; }
        .level.auto, li.for b { color: var(--good); } .level.suggest { color: var(--main); }
        .level.review, li.against b { color: var(--bad); }
        .notes, .reasons { background: var(--stripe); padding: .4rem .8rem; border-radius: .4rem; font-size: .9rem; }
        .notes { margin-top: 1rem; }
        .aside { color: var(--soft); background: var(--stripe); border-radius: .3rem; } .aside b { font-size: .75rem;
          border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem; }
        .words li { display: inline-block; max-width: 100%; margin: .1rem .7rem .1rem 0; }

        /* The description of the HTTP interface */
        .contents ul { padding-left: 1rem; columns: 20rem; } .contents p { margin: 0; font-weight: 600; }
        .contents li { overflow-wrap: anywhere; }
        .get, .post, .delete { font-weight: 700; }
        .get { color: var(--good); } .post { color: var(--main); } .delete { color: var(--bad); }

        @media print { .sheet { font-size: 12px; } .sheet + .sheet { break-before: page; border: 0; margin: 0; }
          .sheet h2 { margin-top: 1rem; padding-top: .3rem; } :root, :root.dark { color-scheme: light; } header, main { max-width: none; padding: 0; }
          header nav, header .tools, form, button { display: none; } a { color: inherit; } .scroll { overflow: visible; }
          details::details-content { content-visibility: visible; } h2, h3 { break-after: avoid; }
          tr, figure, .card { break-inside: avoid; } }
        """

    /// How many classes `share0` … there are for a share of 0 to 1.
    package static let shareSteps = 20

    /// A share as a tint from 8 % to 45 %, on which text has a contrast of 4.5 : 1.
    ///
    /// Classes, because a policy by hash does not allow style attributes.
    private static var shares: String {
        (0...shareSteps).map { ".share\($0) { --share: \(8 + 37 * $0 / shareSteps)%; }" }.joined(
            separator: " ")
    }
}
