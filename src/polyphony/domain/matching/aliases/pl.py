"""Polish given names: sex, the name as in documents, what people call its bearer."""

GROUPS = """
m Adam Adaś Adamek
m Aleksander Olek Aleks Oluś Alek
m Andrzej Jędrek Andrzejek Jędruś Endrju
m Antoni Antek Tosiek Antoś Tolek
m Arkadiusz Arek Aruś
m Artur Arturek Artek
m Bartłomiej Bartek Bartuś
m Bartosz Bartek Bartuś
m Bogdan Boguś Bodzio
m Bogusław Boguś Bodzio
m Cezary Czarek Czaruś
m Czesław Czesiek Czesio
m Damian Damianek Damiś
m Daniel Danielek Danek
m Dariusz Darek Daruś
m Dawid Dawidek
m Dominik Domino Dominiczek
m Edward Edek Edzio
m Emil Emilek
m Eugeniusz Gienek Geniek Genio
m Filip Filipek Fifi
m Franciszek Franek Franio
m Grzegorz Grzesiek Grześ Grzechu
m Henryk Heniek Henio
m Hubert Hubercik Hubi
m Ignacy Ignaś Ignac
m Ireneusz Irek Iruś
m Jacek Jacuś
m Jakub Kuba Kubuś Jakubek
m Jan Janek Jasiek Jaś Jasio Janusz
m Janusz Januszek
m Jarosław Jarek Jaruś Sławek
m Jerzy Jurek Jerzyk Juruś
m Józef Józek Józio Ziutek
m Kacper Kacperek Kasper
m Kamil Kamilek
m Karol Karolek Lolek
m Kazimierz Kazik Kazio Mirek
m Konrad Konradek
m Krystian Krystek Krystianek
m Krzysztof Krzysiek Krzyś Krzysio Krzychu
m Leszek Lesio Leszko Lech
m Łukasz Łukaszek Łuki
m Maciej Maciek Maciuś Maciejek
m Marcin Marcinek Martin
m Marek Mareczek Maruś
m Mariusz Mariuszek Mario
m Mateusz Mati Mateuszek Matek
m Michał Misiek Michaś Michałek
m Mieczysław Mietek Miecio
m Mikołaj Miki Mikołajek Mikuś
m Mirosław Mirek Miruś
m Norbert Norbi Norbercik
m Oskar Oskarek
m Patryk Patryczek Patrycjusz
m Paweł Pawełek Pawcio
m Piotr Piotrek Piotruś Pietrek
m Przemysław Przemek Przemuś
m Rafał Rafałek Rafi
m Robert Robercik Robuś Bob
m Roman Romek Romuś
m Ryszard Rysiek Rysio
m Sebastian Seba Bastek Sebuś
m Sławomir Sławek Sławuś
m Stanisław Staszek Stasiek Staś Stasio
m Stefan Stefek Stefcio
m Szymon Szymek Szymuś
m Tadeusz Tadek Tadzio
m Tomasz Tomek Tomuś
m Waldemar Waldek Waldi
m Wiesław Wiesiek Wiesio
m Wiktor Wiktorek Wituś
m Witold Witek Wituś
m Władysław Władek Władzio
m Włodzimierz Włodek Włodzio
m Wojciech Wojtek Wojtuś
m Zbigniew Zbyszek Zbyś Zbycho
m Zdzisław Zdzisiek Zdzich
m Zenon Zenek Zenuś
m Zygmunt Zygmuś Zyga
f Agata Agatka Aga
f Agnieszka Aga Agusia Agnisia Jagna
f Aleksandra Ola Oleńka Olka Olcia
f Alicja Ala Alutka Alusia
f Alina Alinka Ala
f Anastazja Nastka Nastusia
f Aneta Anetka
f Angelika Andzia Angela
f Anna Ania Anka Aneczka Anusia Andzia Hania
f Antonina Tosia Antosia Tośka
f Barbara Basia Baśka Barbarka Basieńka
f Beata Beatka Becia
f Bożena Bożenka Bożka
f Danuta Danka Danusia Danuśka
f Dominika Domi Nika Dominiczka
f Dorota Dorotka Dosia Dora
f Edyta Edytka Edzia
f Elżbieta Ela Elżunia Elka Bietka
f Emilia Emilka Mila Milka
f Ewa Ewka Ewunia Ewcia
f Ewelina Ewelinka Ewka
f Gabriela Gabrysia Gabi Gabryśka
f Grażyna Grażynka Graża
f Halina Halinka Hala Halszka
f Hanna Hania Hanka Haneczka
f Helena Helenka Hela Lena
f Irena Irenka Ircia Irka
f Iwona Iwonka Iwcia
f Izabela Iza Izka Bella Izunia
f Jadwiga Jadzia Jaga Wisia Jadźka
f Janina Janka Jasia Jańcia
f Joanna Asia Aśka Joasia
f Jolanta Jola Jolka Jolcia
f Julia Julka Jula Julcia
f Justyna Justynka Justysia Justka
f Kamila Kamilka Mila
f Karolina Karola Karolcia Karolinka
f Katarzyna Kasia Kaśka Kasieńka Kachna Katarzynka
f Kinga Kinia Kingusia
f Klaudia Klaudusia Klaudynka
f Krystyna Krysia Kryśka Krystynka
f Lidia Lidka Lida
f Lucyna Lucynka Lucka
f Magdalena Magda Madzia Magdusia Lena Magdzia
f Małgorzata Gosia Małgosia Gośka Małgośka Gocha
f Maria Marysia Maryśka Mania Marychna Maja
f Marianna Marysia Manna
f Marlena Marlenka
f Marta Martusia Martunia
f Martyna Martynka Martusia
f Marzena Marzenka Marzka
f Michalina Misia Michasia
f Monika Monia Moniczka Monisia
f Natalia Natalka Nata Natusia
f Nina Ninka
f Oliwia Oliwka
f Patrycja Pati Patka Patrysia
f Paulina Paula Paulinka
f Renata Renia Renatka
f Róża Rózia
f Sabina Sabinka
f Stanisława Stasia Staśka
f Stefania Stefcia Stefka
f Sylwia Sylwka Sylwunia
f Teresa Tereska Renia Terenia
f Urszula Ula Ulka Urszulka
f Wanda Wandzia
f Weronika Wera Weronka Nika
f Wiktoria Wika Wiktorka
f Wiesława Wiesia Wieśka
f Zofia Zosia Zośka Zosieńka
f Zuzanna Zuza Zuzia Zuzka
"""
