// Emoji with their names in English, Czech, Polish and Russian; the other half is beside it.

export default `
🌟 glowing star|zářící hvězda|świecąca gwiazda|яркая звезда
✨ sparkles|jiskry|iskry|искры
⚡ lightning|blesk|błyskawica|молния
🔥 fire|oheň|ogień|огонь
☀️ sun|slunce|słońce|солнце
⛅ cloudy|polojasno|częściowe zachmurzenie|облачно
☁️ cloud|mrak|chmura|облако
🌧️ rain|déšť|deszcz|дождь
⛈️ storm|bouřka|burza|гроза
❄️ snow|sníh|śnieg|снег
⛄ snowman|sněhulák|bałwan|снеговик
🌈 rainbow|duha|tęcza|радуга
☔ umbrella|deštník|parasol|зонт
🌊 sea wave|vlna moře|fala morze|волна море
🍎 apple|jablko|jabłko|яблоко
🍐 pear|hruška|gruszka|груша
🍊 orange|pomeranč|pomarańcza|апельсин
🍋 lemon|citron|cytryna|лимон
🍌 banana|banán|banan|банан
🍉 watermelon|meloun|arbuz|арбуз
🍇 grapes|hrozny|winogrona|виноград
🍓 strawberry|jahoda|truskawka|клубника
🍒 cherries|třešně|wiśnie|вишня
🍑 peach|broskev|brzoskwinia|персик
🍅 tomato|rajče|pomidor|помидор
🥕 carrot|mrkev|marchew|морковь
🥔 potato|brambora|ziemniak|картошка
🍄 mushroom|houba|grzyb|гриб
🍞 bread|chléb|chleb|хлеб
🥐 croissant|rohlík|rogalik|круассан
🧀 cheese|sýr|ser|сыр
🥚 egg|vejce|jajko|яйцо
🍔 burger|burger|burger|бургер
🍟 fries|hranolky|frytki|картофель фри
🍕 pizza|pizza|pizza|пицца
🍝 pasta|těstoviny|makaron|паста
🍣 sushi|suši|sushi|суши
🍲 soup|polévka|zupa|суп
🥗 salad|salát|sałatka|салат
🍰 cake|dort|ciasto|торт
🎂 birthday|narozeniny|urodziny|день рождения
🍪 cookie|sušenka|ciastko|печенье
🍫 chocolate|čokoláda|czekolada|шоколад
🍬 candy|bonbon|cukierek|конфета
🍦 ice cream|zmrzlina|lody|мороженое
☕ coffee|káva|kawa|кофе
🍵 tea|čaj|herbata|чай
🍺 beer|pivo|piwo|пиво
🍷 wine|víno|wino|вино
🥂 cheers|na zdraví|na zdrowie|за здоровье
🍾 champagne|šampaňské|szampan|шампанское
🥤 drink|nápoj|napój|напиток
🍽️ plate|talíř|talerz|тарелка
⚽ football|fotbal|piłka nożna|футбол
🏀 basketball|basketbal|koszykówka|баскетбол
🎾 tennis|tenis|tenis|теннис
🏒 hockey|hokej|hokej|хоккей
🏆 trophy|pohár|puchar|кубок
🥇 gold medal|zlatá medaile|złoty medal|золотая медаль
🎯 target|terč cíl|cel tarcza|цель мишень
🎮 game|hra|gra|игра
🎲 dice|kostka|kostka do gry|кубик
🎨 art|umění|sztuka|искусство
🎵 music|hudba|muzyka|музыка
🎸 guitar|kytara|gitara|гитара
🎹 piano|klavír|pianino|пианино
🎬 film|film klapka|film klaps|кино
🎁 gift|dárek|prezent|подарок
🎉 celebration|oslava konfety|święto konfetti|праздник
🎈 balloon|balónek|balon|шарик
🎄 christmas tree|vánoční stromek|choinka|ёлка
🎓 graduation|promoce|ukończenie studiów|выпускной
🚗 car|auto|samochód|машина
🚕 taxi|taxi|taksówka|такси
🚌 bus|autobus|autobus|автобус
🚑 ambulance|sanitka|karetka|скорая
🚒 fire engine|hasiči|straż pożarna|пожарная
🚚 truck delivery|nákladní doručení|ciężarówka dostawa|грузовик доставка
🚲 bicycle|kolo|rower|велосипед
🚂 train|vlak|pociąg|поезд
🚋 tram|tramvaj|tramwaj|трамвай
✈️ plane|letadlo|samolot|самолёт
🚀 rocket|raketa|rakieta|ракета
⛵ boat|loď|łódka|лодка
⚓ anchor|kotva|kotwica|якорь
⛽ fuel|benzín|paliwo|топливо
🚧 works|stavba|roboty|ремонт
🏠 house|dům|dom|дом
🏢 office|kancelář|biuro|офис
🏥 hospital|nemocnice|szpital|больница
🏦 bank|banka|bank|банк
🏨 hotel|hotel|hotel|отель
🏪 shop|obchod|sklep|магазин
🏫 school|škola|szkoła|школа
🏭 factory|továrna|fabryka|завод
🏖️ beach|pláž|plaża|пляж
⛰️ mountain|hora|góra|гора
🗺️ map|mapa|mapa|карта
📍 pin place|špendlík místo|pinezka miejsce|метка место
⌚ watch|hodinky|zegarek|часы на руке
⏰ alarm clock|budík|budzik|будильник
⏳ hourglass|přesýpací hodiny|klepsydra|песочные часы
📱 phone|mobil|telefon|телефон
☎️ telephone|pevná linka|telefon stacjonarny|стационарный телефон
💻 laptop|notebook|laptop|ноутбук
🖥️ computer|počítač|komputer|компьютер
🖨️ printer|tiskárna|drukarka|принтер
⌨️ keyboard|klávesnice|klawiatura|клавиатура
📷 camera|fotoaparát|aparat|фотоаппарат
📺 television|televize|telewizor|телевизор
🔋 battery|baterie|bateria|батарея
🔌 plug|zástrčka|wtyczka|вилка
💡 idea bulb|nápad žárovka|pomysł żarówka|идея лампочка
🔦 torch|baterka|latarka|фонарик
📖 book|kniha|książka|книга
📰 newspaper|noviny|gazeta|газета
💰 money|peníze|pieniądze|деньги
💳 card|platební karta|karta płatnicza|банковская карта
🧾 receipt|účtenka|paragon|чек
✉️ envelope|obálka|koperta|конверт
📧 email|e-mail|e-mail|электронная почта
📦 parcel|balík|paczka|посылка
📬 mailbox|schránka|skrzynka|почтовый ящик
📝 note|poznámka|notatka|заметка
📁 folder|složka|folder|папка
📅 calendar|kalendář|kalendarz|календарь
📈 chart up|růst|wzrost|рост
📉 chart down|pokles|spadek|падение
📊 chart|graf|wykres|график
📋 clipboard|schránka seznam|schowek lista|список
📌 pushpin|připínáček|pinezka|кнопка
📎 paperclip|sponka příloha|spinacz załącznik|скрепка
✂️ scissors|nůžky|nożyczki|ножницы
🔒 locked|zamčeno|zamknięte|замок закрыт
🔓 unlocked|odemčeno|otwarte|замок открыт
🔑 key|klíč|klucz|ключ
🔨 hammer|kladivo|młotek|молоток
🔧 wrench|klíč nářadí|klucz narzędzie|гаечный ключ
⚙️ gear settings|ozubené kolo nastavení|koło zębate ustawienia|шестерёнка настройки
🔗 link|odkaz|link|ссылка
💊 pill|pilulka|tabletka|таблетка
🛒 cart|košík|koszyk|корзина
🚪 door|dveře|drzwi|дверь
🛏️ bed|postel|łóżko|кровать
🚿 shower|sprcha|prysznic|душ
🧹 broom|koště|miotła|метла
⚠️ warning|varování|ostrzeżenie|предупреждение
⛔ no entry|zákaz vjezdu|zakaz wjazdu|въезд запрещён
🚫 forbidden|zákaz|zakaz|запрещено
❌ cross|křížek|krzyżyk|крестик
❗ exclamation|vykřičník|wykrzyknik|восклицание
❓ question|otazník|pytajnik|вопрос
✅ check done|hotovo|gotowe|готово
☑️ tick|zaškrtnuto|zaznaczone|галочка
✔️ correct|správně|poprawnie|верно
➕ plus|plus|plus|плюс
➖ minus|minus|minus|минус
➡️ arrow right|šipka vpravo|strzałka w prawo|стрелка вправо
⬅️ arrow left|šipka vlevo|strzałka w lewo|стрелка влево
⬆️ arrow up|šipka nahoru|strzałka w górę|стрелка вверх
⬇️ arrow down|šipka dolů|strzałka w dół|стрелка вниз
🔄 refresh|obnovit|odśwież|обновить
🔍 search|hledat|szukaj|поиск
🔔 bell|zvonek|dzwonek|колокольчик
🔕 muted|ztlumeno|wyciszone|без звука
🔊 loud|hlasitě|głośno|громко
🔴 red|červená|czerwony|красный
🟠 orange circle|oranžová|pomarańczowy|оранжевый
🟡 yellow|žlutá|żółty|жёлтый
🟢 green|zelená|zielony|зелёный
🔵 blue|modrá|niebieski|синий
ℹ️ information|informace|informacja|информация
🆗 okay button|tlačítko ok|przycisk ok|кнопка окей
🆕 new|nové|nowe|новое
🆘 sos help|pomoc|pomoc|помощь
♻️ recycle|recyklace|recykling|переработка
🏁 finish flag|cíl vlajka|meta flaga|финиш
🇨🇿 czechia|česko|czechy|чехия
🇵🇱 poland|polsko|polska|польша
🇸🇰 slovakia|slovensko|słowacja|словакия
🇺🇦 ukraine|ukrajina|ukraina|украина
🇪🇺 europe|evropa|europa|европа
🇬🇧 britain|británie|wielka brytania|великобритания
🇩🇪 germany|německo|niemcy|германия
`;
