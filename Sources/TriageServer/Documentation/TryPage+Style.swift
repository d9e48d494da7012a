extension TryPage {
    /// What the browser may do with the page: its own style and script, and sending its form home.
    static let policy =
        "default-src 'none'; style-src '\(ContentHash.source(style))'; script-src '\(ContentHash.source(script))'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static let style = """
        :root{color-scheme:light dark;--line:#8885;--soft:#8882;font:16px/1.5 system-ui,sans-serif;\
        --accent:#1d5fc4;--good:#166b36;--warn:#a3420f;--page:#fff;--ink:#1b1b1f}
        :root.light{color-scheme:light}
        :root.dark{color-scheme:dark;--accent:#8ab4ff;--good:#6fcf97;--warn:#ffa27a;--page:#16171b;--ink:#ececf0}
        @media (prefers-color-scheme:dark){:root:not(.light){--accent:#8ab4ff;--good:#6fcf97;--warn:#ffa27a;--page:#16171b;--ink:#ececf0}}
        body{margin:0 auto;max-width:56rem;padding:1rem 1.2rem 4rem;background:var(--page);color:var(--ink);overflow-wrap:anywhere}
        header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;flex-wrap:wrap}
        h1{font-size:1.5rem;margin:.6rem 0}h2{font-size:1.4rem;margin:1.8rem 0 .3rem}
        h3{font-size:.85rem;text-transform:uppercase;letter-spacing:.06em;margin:1.6rem 0 .3rem}
        a{color:var(--accent)}nav>*{margin:0 .8rem 0 0}label{display:block;font-weight:600;margin:.6rem 0 .3rem}
        textarea{width:100%;box-sizing:border-box;font:inherit;padding:.7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--page);color:var(--ink)}
        .samples a{margin-right:.7rem;white-space:nowrap}
        button{font:inherit;padding:.35rem .9rem;border:1px solid var(--line);border-radius:.5rem;background:var(--soft);color:inherit;cursor:pointer}
        button[type=submit]{background:var(--accent);border-color:var(--accent);color:var(--page);font-weight:600}
        .summary{font-size:1.1rem;border-left:3px solid var(--accent);padding-left:.8rem;margin:1rem 0}
        .fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(16rem,100%),1fr));gap:1rem}
        article{border:1px solid var(--line);border-radius:.6rem;padding:.2rem 1rem .8rem}article h3{margin-top:.8rem}
        .label{font-size:1.35rem;font-weight:650;margin:.2rem 0}meter{width:100%;height:.8rem}
        .level{font-size:.75rem;font-weight:600;padding:.15rem .5rem;border-radius:1rem;border:1px solid currentColor;vertical-align:middle}
        .level.auto,li.for b{color:var(--good)}.level.suggest{color:var(--accent)}.level.review,li.against b{color:var(--warn)}
        .quiet{font-size:.9rem;margin:.3rem 0}ul{margin:.2rem 0;padding:0;list-style:none}
        .reasons{font-size:.9rem;background:var(--soft);padding:.3rem .6rem;border-radius:.4rem}
        .words li{display:inline-block;margin:.1rem .7rem .1rem 0}
        .notes{background:var(--soft);padding:.5rem .8rem;border-radius:.5rem}summary{cursor:pointer}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.8rem;border-radius:.5rem;font-size:.85rem}
        .unseen{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
        """

    static let script = """
        const root=document.documentElement,get=id=>document.getElementById(id);
        const mode=get('mode'),copy=get('copy'),json=get('json'),text=get('description'),decision=get('decision');
        if(json){try{json.textContent=JSON.stringify(JSON.parse(json.textContent),null,2)}catch{}}
        try{root.className=localStorage.getItem('mode')||''}catch{}
        mode.hidden=false;
        mode.onclick=()=>{const dark=root.className?root.className==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
        root.className=dark?'light':'dark';try{localStorage.setItem('mode',root.className)}catch{}};
        text.onkeydown=event=>{if(event.key==='Enter'&&(event.ctrlKey||event.metaKey)){event.preventDefault();text.form.requestSubmit()}};
        if(decision)setTimeout(()=>{if(document.activeElement!==decision)decision.focus();get('status').textContent='Decision: '+decision.textContent},200);
        if(copy){copy.hidden=false;copy.onclick=async()=>{try{await navigator.clipboard.writeText(json.textContent);copy.textContent='Copied'}
        catch{json.parentElement.open=true;getSelection().selectAllChildren(json);copy.textContent='Selected: press Ctrl+C'}}}
        """
}
