import { Duplex } from 'node:stream';
import { performance } from 'node:perf_hooks';
import { router, listen, serveConnection, wireRequest } from './engine/lib/wire/index.ts';
import http from 'node:http';
let n=0;
const dispatch=router({services:[{name:'appconfig',operations:{GetApplication:()=>({Id:'abc1234',Name:'x'})}},{name:'cloudwatch',operations:{PutMetricData:()=>undefined}} as any],requestId:()=>'id'+n++,report:(e,w)=>console.log('REPORT',w,e)});
const auth=(s:string)=>`AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/${s}/aws4_request, SignedHeaders=host, Signature=x`;
const t0=performance.now();
await dispatch(wireRequest('GET','/applications/a',{authorization:auth('appconfig')}));
console.log('first',performance.now()-t0);
const N=50000;
for (let r=0;r<2;r++){ const t=performance.now(); for(let i=0;i<N;i++) await dispatch(wireRequest('GET','/applications/a',{authorization:auth('appconfig')})); console.log('restJson dispatch/s',Math.round(N/(performance.now()-t)*1000)); }
const body=Buffer.from(JSON.stringify({Namespace:'n',MetricData:Array.from({length:5},(_, i)=>({MetricName:'m'+i,Value:1,Timestamp:1500,Dimensions:[{Name:'a',Value:'b'}]}))}));
for (let r=0;r<2;r++){ const t=performance.now(); for(let i=0;i<N;i++) await dispatch(wireRequest('POST','/',{authorization:auth('monitoring'),'x-amz-target':'GraniteServiceVersion20100801.PutMetricData'},body)); console.log('awsJson dispatch/s',Math.round(N/(performance.now()-t)*1000)); }
// duplex pair
function pair(){ let a:any,b:any; const mk=(peer:()=>any)=>new Duplex({read(){},write(c,_e,cb){ setImmediate(()=>{peer().push(c)}); cb();},final(cb){peer().push(null);cb();}}); a=mk(()=>b); b=mk(()=>a); for(const x of [a,b]){ x.setKeepAlive=x.setNoDelay=x.ref=x.unref=x.setTimeout=()=>x;} return [a,b]; }
const [c,s]=pair(); serveConnection(s,dispatch);
const agent=new http.Agent({keepAlive:true,maxSockets:1}); (agent as any).createConnection=()=>c;
const one=(opt:any)=>new Promise<void>((res,rej)=>{ http.get({path:'/applications/a',headers:{authorization:auth('appconfig')},...opt},(r)=>{r.resume();r.on('end',res)}).on('error',rej)});
for(let r=0;r<2;r++){const M=5000; const t=performance.now(); for(let i=0;i<M;i++) await one({agent,host:'localhost'}); console.log('http over duplex/s',Math.round(M/(performance.now()-t)*1000));}
const raw=`GET /applications/a HTTP/1.1\r\nhost: localhost\r\nauthorization: ${auth('appconfig')}\r\n\r\n`;
{ const [c2,s2]=pair(); serveConnection(s2,dispatch); for(let r=0;r<2;r++){ const M=5000; const t=performance.now(); for(let i=0;i<M;i++){ c2.write(raw); await new Promise<void>(res=>c2.once('data',()=>res())); } console.log('server part only over duplex/s',Math.round(M/(performance.now()-t)*1000)); } }
const l=await listen({dispatch}); const ag2=new http.Agent({keepAlive:true,maxSockets:1});
for(let r=0;r<2;r++){const M=5000; const t=performance.now(); for(let i=0;i<M;i++) await one({agent:ag2,host:'127.0.0.1',port:l.port}); console.log('http over loopback/s',Math.round(M/(performance.now()-t)*1000));}
ag2.destroy(); const tc=performance.now(); await l.close(); console.log('close ms',performance.now()-tc); process.exit(0);
