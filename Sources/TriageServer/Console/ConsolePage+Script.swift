extension ConsolePage {
    /// What the pages do beyond plain HTML, as far as a page has the parts: they work without.
    ///
    /// Dark or light, Ctrl+Enter, copying, times in the reader's zone, the keys of the queue, links and forms that replace
    /// the work area alone, and a notice of new tickets.
    static let script: StaticString = """
        const root=document.documentElement,get=id=>document.getElementById(id),all=query=>[...document.querySelectorAll(query)];
        const mode=get('mode'),text=get('description'),decision=get('decision');
        try{root.className=localStorage.getItem('mode')||''}catch{}
        mode.hidden=false;
        mode.onclick=()=>{const dark=root.className?root.className==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
        root.className=dark?'light':'dark';try{localStorage.setItem('mode',root.className)}catch{}};
        if(text)text.onkeydown=event=>{if(event.key==='Enter'&&(event.ctrlKey||event.metaKey)){event.preventDefault();text.form.requestSubmit()}};
        if(decision)setTimeout(()=>{if(document.activeElement!==decision)decision.focus();get('status').textContent=decision.dataset.name+': '+decision.textContent},200);
        const ready=()=>{
        const json=get('json');if(json){try{json.textContent=JSON.stringify(JSON.parse(json.textContent),null,2)}catch{}}
        for(const time of all('time'))time.textContent=new Date(time.dateTime).toLocaleString(root.lang,{dateStyle:'medium',timeStyle:'short'});
        for(const button of all('[data-copy],#show-keys'))button.hidden=false;
        if(document.querySelector('[data-again]'))setTimeout(()=>load(location.href),2000)};
        let busy=false;
        const load=async(address,options)=>{
        if(busy)return;busy=true;get('work').ariaBusy='true';const at=document.activeElement.id;
        try{const answer=await fetch(address,{...options,headers:{Accept:'text/html'}});
        const page=new DOMParser().parseFromString(await answer.text(),'text/html'),work=page.getElementById('work'),status=page.getElementById('status');
        if(!answer.ok){get('status').className='message';get('status').textContent=status?status.textContent:answer.statusText;return}
        if(!work||answer.url.split('?')[0]!==location.href.split('?')[0]&&!options){location.assign(answer.url);return}
        if(answer.redirected||!options&&answer.url!==location.href)history.pushState(null,'',answer.url);
        get('work').replaceWith(document.adoptNode(work));document.title=page.title;
        get('status').className=status.className;get('status').textContent=status.textContent;
        ready();news();const title=get('draft')||get('open')||at&&get(at);if(title)title.focus({preventScroll:!get('draft')})}
        catch{get('status').className='message';get('status').textContent=get('work').dataset.away}
        finally{busy=false;get('work').ariaBusy=null}};
        ready();
        addEventListener('popstate',()=>location.reload());
        addEventListener('click',async event=>{
        const link=event.target.closest('#work :is(.queue a,a[href^="/ui/queue"])'),copy=event.target.closest('[data-copy]');
        if(event.target.closest('#show-keys'))return get('keys-help').showModal();
        if(event.target.closest('#news'))return load(location.href);
        if(copy){const from=get(copy.dataset.copy),what=from.value??from.textContent;
        try{await navigator.clipboard.writeText(what);copy.textContent=copy.dataset.done}
        catch{const fold=from.closest('details');if(fold)fold.open=true;getSelection().selectAllChildren(from);copy.textContent=copy.dataset.selected}}
        if(link&&!event.ctrlKey&&!event.metaKey&&!event.shiftKey&&!event.altKey&&event.button===0){event.preventDefault();load(link.href)}});
        addEventListener('input',event=>{const out=event.target.type==='range'&&event.target.form.querySelector('output');
        if(out)out.textContent=(+event.target.value).toLocaleString(root.lang,{minimumFractionDigits:1})+' %'});
        addEventListener('change',event=>{const form=event.target.form;
        if(form&&form.matches('[data-live]'))load(form.getAttribute('action')+'?'+new URLSearchParams(new FormData(form)))});
        addEventListener('submit',event=>{const form=event.target;
        if(form.method!=='post'||!form.closest('#work'))return;
        event.preventDefault();load(form.action,{method:'POST',body:new URLSearchParams(new FormData(form,event.submitter))})});
        addEventListener('keydown',event=>{
        if(event.ctrlKey||event.metaKey||event.altKey||event.target.closest('input,textarea,select,dialog')||!get('work'))return;
        if(event.key==='j'||event.key==='k'){const items=all('.queue a'),at=items.findIndex(item=>item.ariaCurrent==='true');
        const to=event.key==='j'?items[at+1]||document.querySelector('#work [rel=next]'):items[at-1];
        if(to){event.preventDefault();to.click();to.scrollIntoView({block:'nearest'})}return}
        const target=document.querySelector('[data-key="'+CSS.escape(event.key)+'"]');
        if(!target)return;
        event.preventDefault();
        if(target.matches('summary')){target.parentElement.open=true;target.parentElement.querySelector('select').focus()}else target.click()});
        let last=0;
        const news=()=>{const work=get('work'),button=get('news');if(!button)return;
        const count=last-work.dataset.row;button.hidden=!(count>0);button.textContent=count+' '+button.dataset.text};
        if(get('news')&&get('work')){const events=new EventSource('/ui/events?after='+get('work').dataset.row);
        for(const kind of ['decision','feedback','undo','erasure'])events.addEventListener(kind,event=>{last=Math.max(last,+event.lastEventId);news()})}
        """
}
