extension ConsolePage {
    /// Dark or light, Ctrl+Enter, the decision announced, and the JSON copied, as far as a page has them: it works without.
    static let script: StaticString = """
        const root=document.documentElement,get=id=>document.getElementById(id);
        const mode=get('mode'),copy=get('copy'),json=get('json'),text=get('description'),decision=get('decision');
        if(json){try{json.textContent=JSON.stringify(JSON.parse(json.textContent),null,2)}catch{}}
        try{root.className=localStorage.getItem('mode')||''}catch{}
        mode.hidden=false;
        mode.onclick=()=>{const dark=root.className?root.className==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
        root.className=dark?'light':'dark';try{localStorage.setItem('mode',root.className)}catch{}};
        if(text)text.onkeydown=event=>{if(event.key==='Enter'&&(event.ctrlKey||event.metaKey)){event.preventDefault();text.form.requestSubmit()}};
        if(decision)setTimeout(()=>{if(document.activeElement!==decision)decision.focus();get('status').textContent='Decision: '+decision.textContent},200);
        if(copy){copy.hidden=false;copy.onclick=async()=>{try{await navigator.clipboard.writeText(json.textContent);copy.textContent='Copied'}
        catch{json.parentElement.open=true;getSelection().selectAllChildren(json);copy.textContent='Selected: press Ctrl+C'}}}
        """
}
