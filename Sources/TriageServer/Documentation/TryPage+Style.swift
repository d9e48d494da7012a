internal import Crypto
internal import Foundation

extension TryPage {
    /// What the browser may do with the page: its own style and script, and sending its form home.
    static let policy =
        "default-src 'none'; style-src 'sha256-\(hash(style))'; script-src 'sha256-\(hash(script))'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }

    static let style = """
        :root{color-scheme:light dark;--line:#8885;--soft:#8882;--accent:#1d5fc4;font:16px/1.5 system-ui,sans-serif}
        :root.light{color-scheme:light}:root.dark{color-scheme:dark;--accent:#6aa3ff}
        @media (prefers-color-scheme:dark){:root:not(.light){--accent:#6aa3ff}}
        body{margin:0;background:Canvas;color:CanvasText}main{max-width:56rem;margin:0 auto;padding:1rem 1.2rem 4rem}
        header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;flex-wrap:wrap}
        h1{font-size:1.5rem;margin:.6rem 0}h2{font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;margin:1.6rem 0 .3rem}
        a{color:var(--accent)}nav>*{margin-left:.8rem}label{display:block;font-weight:600;margin:.6rem 0 .3rem}
        textarea{width:100%;box-sizing:border-box;font:inherit;padding:.7rem;border:1px solid var(--line);border-radius:.5rem;background:Canvas;color:CanvasText}
        .samples a{margin-right:.7rem;white-space:nowrap}
        button{font:inherit;padding:.35rem .9rem;border:1px solid var(--line);border-radius:.5rem;background:var(--soft);color:inherit;cursor:pointer}
        button[type=submit]{background:var(--accent);border-color:var(--accent);color:Canvas;font-weight:600}
        .summary{font-size:1.1rem;border-left:3px solid var(--accent);padding-left:.8rem;margin:1.6rem 0}
        .fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}
        article{border:1px solid var(--line);border-radius:.6rem;padding:.2rem 1rem .8rem}article h2{margin-top:.8rem}
        .label{font-size:1.35rem;font-weight:650;margin:.2rem 0}meter{width:100%;height:.8rem}
        .level{font-size:.75rem;font-weight:600;padding:.15rem .5rem;border-radius:1rem;border:1px solid currentColor;vertical-align:middle}
        .level.auto{color:#187a3d}.level.suggest{color:var(--accent)}.level.review{color:#b3541e}
        .reason{font-size:.75rem;background:var(--soft);padding:.1rem .45rem;border-radius:.3rem}
        .quiet{opacity:.75;font-size:.9rem;margin:.3rem 0}ul{margin:.2rem 0;padding:0;list-style:none}
        article li{display:inline-block;margin:.1rem .7rem .1rem 0}li.for b{color:var(--accent)}li.against b{color:#b3541e}
        .notes{background:var(--soft);padding:.5rem .8rem;border-radius:.5rem}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.8rem;border-radius:.5rem;font-size:.85rem}
        """

    static let script = """
        const root=document.documentElement,mode=document.getElementById('mode'),copy=document.getElementById('copy');
        const json=document.getElementById('json');
        if(json){try{json.textContent=JSON.stringify(JSON.parse(json.textContent),null,2)}catch{}}
        try{root.className=localStorage.getItem('mode')||''}catch{}
        mode.hidden=false;
        mode.onclick=()=>{const dark=root.className?root.className==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
        root.className=dark?'light':'dark';try{localStorage.setItem('mode',root.className)}catch{}};
        if(copy){copy.hidden=false;copy.onclick=async()=>{try{await navigator.clipboard.writeText(json.textContent);copy.textContent='Copied'}
        catch{getSelection().selectAllChildren(json);copy.textContent='Selected: press Ctrl+C'}}}
        """
}
